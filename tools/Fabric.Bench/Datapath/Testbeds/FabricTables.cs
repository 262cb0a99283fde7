using Fabric.Model.Datapath;
using Google.Protobuf;

namespace Fabric.Bench.Datapath.Testbeds;

/// <summary>
/// The tables of one host: the machines' VRF with both hosts' machines in it, and as many other VRFs, routes and rules as are wanted. The VRF
/// of the machines has all the other routes, each of the other VRFs one.
/// </summary>
internal static class FabricTables
{
    private const uint Tenant = 1;
    private const uint Group = 1;
    private const uint Tunnel = 1;
    private const uint FirstInterface = 2;
    private const int RoutesPerBatch = 5000;

    // 172.16.0.0/12, a /32 each.
    private const uint OtherRoutes = 0xAC100000;

    public static IReadOnlyList<Batch> Of(
        TestbedPlan plan,
        uint host,
        uint peer,
        IReadOnlyList<Place> own,
        IReadOnlyList<Place> others,
        TunnelKind kind
    )
    {
        var first = new Batch
        {
            BeginSnapshot = true,
            Host = new HostConfig
            {
                TunnelSource = host,
                UnderlayMtu = 1600,
                HostName = Place.TextOf(host),
            },
        };
        first.Vrfs.Add(Enumerable.Range(1, plan.Vrfs).Select(id => new VrfEntry { Id = (uint)id, Name = $"bench:vrf{id}" }));
        first.AccessLists.Add(List(plan.Rules));
        first.NextHops.Add(
            new NextHopEntry
            {
                Id = Tunnel,
                Tunnel = new TunnelNextHop { Destination = peer, Kind = kind },
            }
        );
        first.Routes.Add(others.Select(place => RouteTo(place, Tunnel)));
        foreach (var (index, place) in own.Index())
        {
            AddMachine(first, place, (uint)index);
        }

        var batches = new List<Batch> { first };
        batches.AddRange(OtherRoutesOf(plan).Chunk(RoutesPerBatch).Select(routes => new Batch { Routes = { routes } }));
        batches[^1].EndSnapshot = true;
        foreach (var (index, batch) in batches.Index())
        {
            batch.Generation = (ulong)index + 1;
        }

        return batches;
    }

    private static void AddMachine(Batch batch, Place place, uint index)
    {
        var nextHop = FirstInterface + index;
        batch.Vifs.Add(
            new VifEntry
            {
                Id = index + 1,
                Device = place.Device,
                Vrf = Tenant,
                Mac = ByteString.CopyFrom(place.Mac),
                Addresses = { place.Address },
                PortId = place.Device,
                Network = "bench",
                SecurityGroups = { Group },
                NextHop = nextHop,
            }
        );
        batch.NextHops.Add(
            new NextHopEntry
            {
                Id = nextHop,
                Interface = new InterfaceNextHop { Vif = index + 1 },
            }
        );
        batch.Labels.Add(new LabelEntry { Label = place.Label, NextHop = nextHop });
        batch.Routes.Add(RouteTo(place, nextHop));
    }

    private static RouteEntry RouteTo(Place place, uint nextHop) =>
        new()
        {
            Vrf = Tenant,
            Prefix = place.Address,
            Length = 32,
            NextHop = nextHop,
            Label = place.Label,
            SecurityGroups = { Group },
            Network = "bench",
        };

    private static IEnumerable<RouteEntry> OtherRoutesOf(TestbedPlan plan) =>
        Enumerable
            .Range(0, plan.Routes)
            .Select(number => Other(Tenant, (uint)number))
            .Concat(Enumerable.Range(2, plan.Vrfs - 1).Select(vrf => Other((uint)vrf, (uint)vrf)));

    private static RouteEntry Other(uint vrf, uint number) =>
        new()
        {
            Vrf = vrf,
            Prefix = OtherRoutes + number,
            Length = 32,
            NextHop = Tunnel,
            Label = Place.VmB.Label,
        };

    private static AccessListEntry List(int rules)
    {
        var list = new AccessListEntry { Id = Group, Name = "bench" };
        list.Rules.Add(
            SecurityGroup
                .Rules(rules)
                .Select(
                    (rule, number) =>
                        new AccessRule
                        {
                            Name = $"r{number}",
                            Direction = rule.IsIngress ? Direction.Ingress : Direction.Egress,
                            Protocol = rule.Port is null ? 0u : 6u,
                            PortMin = (uint)(rule.Port ?? 0),
                            PortMax = (uint)(rule.Port ?? ushort.MaxValue),
                            RemotePrefix = rule.Remote,
                            RemoteLength = (uint)rule.Length,
                        }
                )
        );
        return list;
    }
}
