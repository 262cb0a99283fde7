using Fabric.Model.Datapath;
using Google.Protobuf;

namespace Fabric.Datapath.Kernel.Tests.Equality;

/// <summary>
/// Tables of chance around three virtual interfaces: 1 and 2 in one network, 3 in another, with remote addresses behind tunnels of each kind,
/// ECMP, what leads nowhere, routes around others, and groups of rules for some of the interfaces; then changes to them.
/// </summary>
internal sealed class RandomTables(Random random)
{
    /// <summary>The group that allows all.</summary>
    public const uint Everything = 3;

    public const uint TunnelSource = 0xC000_0201;
    public static readonly uint[] Remotes = [0x0A01_0015, 0x0A01_0016, 0x0A01_0017, 0x0A01_0018];
    public static readonly uint[] OuterSources = [0xC000_0202, 0xC000_0203, 0xC000_0204];
    public static readonly uint[] Locals = [0, 0x0A01_000B, 0x0A01_000C, 0x0A02_000B];

    /// <summary>Addresses behind prefixes that may be there or not.</summary>
    public static readonly uint[] FarAway = [0x1401_0202, 0x1401_0302, 0x1401_4002, 0x1402_0002];
    private static readonly (uint Prefix, uint Length)[] Prefixes =
    [
        (0, 0),
        (0x1400_0000, 8),
        (0x1401_0000, 16),
        (0x1401_0000, 20),
        (0x1401_0200, 24),
    ];
    private static readonly uint[] NextHopIds = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 60, 99];
    private ulong generation;

    public Batch Snapshot()
    {
        var batch = new Batch
        {
            Generation = ++generation,
            BeginSnapshot = true,
            EndSnapshot = true,
            Host = new HostConfig { TunnelSource = TunnelSource, UnderlayMtu = random.Next(4) == 0 ? 700u : 1500 },
            Vrfs =
            {
                new VrfEntry { Id = 1 },
                new VrfEntry { Id = 2 },
            },
        };
        for (uint vif = 1; vif <= 3; vif++)
        {
            batch.Vifs.Add(Vif(vif));
            batch.NextHops.Add(
                new NextHopEntry
                {
                    Id = vif,
                    Interface = new InterfaceNextHop { Vif = vif },
                }
            );
            batch.Labels.Add(new LabelEntry { Label = 15 + vif, NextHop = vif });
            batch.Routes.Add(Route(vif == 3 ? 2u : 1, Locals[vif], vif));
        }

        for (uint id = 4; id <= 11; id++)
        {
            batch.NextHops.Add(NextHop(id));
        }

        batch.Labels.Add(new LabelEntry { Label = 19, NextHop = 5 });
        foreach (var remote in Remotes)
        {
            batch.Routes.Add(Route(1, remote, UsualNextHop(remote)));
            batch.Routes.Add(Route(2, remote, UsualNextHop(remote)));
        }

        batch.Routes.Add(Route(1, 0x0A01_0001, 5));
        batch.Routes.Add(PrefixRoute(1, Prefixes[1]));
        batch.Routes.Add(PrefixRoute(2, Prefixes[1]));
        batch.AccessLists.Add(AccessList(1));
        batch.AccessLists.Add(AccessList(2));
        batch.AccessLists.Add(AllowAll());
        return batch;
    }

    /// <summary>The host behind which a remote address usually is.</summary>
    public static uint UsualHost(uint remote) => OuterSources[remote % 2];

    /// <summary>A change of one thing or two.</summary>
    public Batch Change()
    {
        var batch = new Batch { Generation = ++generation };
        for (var i = random.Next(1, 3); i > 0; i--)
        {
            AddChange(batch);
        }

        return batch;
    }

    private void AddChange(Batch batch)
    {
        switch (random.Next(14))
        {
            case 0:
                batch.Vifs.Add(Vif((uint)random.Next(1, 4)));
                break;
            case 1:
                batch.AccessLists.Add(AccessList((uint)random.Next(1, 3)));
                break;
            case 2:
                batch.Routes.Add(Route((uint)random.Next(1, 3), Pick<uint>([.. Remotes, .. Locals[1..], 0]), Pick(NextHopIds)));
                break;
            case 3:
                batch.NextHops.Add(NextHop((uint)random.Next(4, 12)));
                break;
            case 4:
                batch.Labels.Add(new LabelEntry { Label = (uint)random.Next(16, 20), NextHop = (uint)random.Next(1, 6) });
                break;
            case 5:
                batch.RoutesRemoved.Add(
                    new RouteKey
                    {
                        Vrf = (uint)random.Next(1, 3),
                        Prefix = Pick(Remotes),
                        Length = 32,
                    }
                );
                break;
            case 6 when random.Next(3) == 0:
                batch.NextHopsRemoved.Add((uint)random.Next(1, 12));
                break;
            case 7 when random.Next(3) == 0:
                batch.VifsRemoved.Add((uint)random.Next(1, 4));
                break;
            case 8 when random.Next(3) == 0:
                batch.AccessListsRemoved.Add((uint)random.Next(1, 3));
                break;
            case 9 when random.Next(4) == 0:
                batch.Host = new HostConfig
                {
                    TunnelSource = random.Next(3) == 0 ? 0 : TunnelSource,
                    UnderlayMtu = Pick<uint>(700, 1500, 9000),
                };
                break;
            case 10 when random.Next(4) == 0:
                batch.LabelsRemoved.Add((uint)random.Next(16, 20));
                break;
            case 11:
                batch.Routes.Add(PrefixRoute((uint)random.Next(1, 3), Pick(Prefixes)));
                break;
            case 12:
                var (prefix, length) = Pick(Prefixes);
                batch.RoutesRemoved.Add(
                    new RouteKey
                    {
                        Vrf = (uint)random.Next(1, 3),
                        Prefix = prefix,
                        Length = length,
                    }
                );
                break;
            default:
                batch.MergeFrom(Repair());
                break;
        }
    }

    // Without it all would end removed.
    private Batch Repair()
    {
        var vif = (uint)random.Next(1, 4);
        return new Batch
        {
            Host = new HostConfig { TunnelSource = TunnelSource, UnderlayMtu = 1500 },
            Vifs = { Vif(vif) },
            NextHops =
            {
                new NextHopEntry
                {
                    Id = vif,
                    Interface = new InterfaceNextHop { Vif = vif },
                },
                NextHop((uint)random.Next(4, 12)),
            },
            Labels =
            {
                new LabelEntry { Label = 15 + vif, NextHop = vif },
            },
            Routes = { Route(vif == 3 ? 2u : 1, Locals[vif], vif), RemoteRoute() },
        };
    }

    private uint UsualNextHop(uint remote) =>
        random.Next(4) == 0 ? Pick<uint>(7, 8, 9)
        : remote % 2 == 0 ? 4u
        : 6;

    private RouteEntry RemoteRoute()
    {
        var remote = Pick(Remotes);
        return Route((uint)random.Next(1, 3), remote, UsualNextHop(remote));
    }

    private VifEntry Vif(uint id) =>
        new()
        {
            Id = id,
            Device = $"vif{id}",
            Vrf =
                random.Next(20) == 0 ? 3u
                : id == 3 ? 2u
                : 1,
            Mac = ByteString.CopyFrom(2, 0, 0, 0, 0, (byte)id),
            Addresses = { Locals[id] },
            NextHop = id,
            SecurityGroups = { Enumerable.Range(1, 3).Where(_ => random.Next(4) == 0).Select(static g => (uint)g) },
            Dhcp = new DhcpConfig
            {
                Address = Locals[id],
                PrefixLength = 24,
                Gateway = 0x0A01_0001,
                Server = 0x0A01_0002,
            },
        };

    private NextHopEntry NextHop(uint id) =>
        id switch
        {
            4 => Tunnel(id, TunnelKind.MplsOverGre),
            5 => new NextHopEntry { Id = id, Receive = new ReceiveNextHop() },
            6 => Tunnel(id, TunnelKind.MplsOverUdp),
            7 => Ecmp(id, 4, 6),
            8 => new NextHopEntry { Id = id, Discard = new DiscardNextHop() },
            9 => Tunnel(id, Pick(TunnelKind.MplsOverGre, TunnelKind.Vxlan)),
            10 => Ecmp(id, 1, 2),
            _ => Tunnel(id, TunnelKind.MplsOverGre),
        };

    private NextHopEntry Tunnel(uint id, TunnelKind kind) =>
        new()
        {
            Id = id,
            Tunnel = new TunnelNextHop
            {
                Destination = random.Next(6) == 0 ? Pick(OuterSources) : OuterSources[id == 4 ? 0 : 1],
                Kind = kind,
            },
        };

    private static NextHopEntry Ecmp(uint id, params uint[] members) =>
        new()
        {
            Id = id,
            Ecmp = new EcmpNextHop { Members = { members.Select(static m => new EcmpMember { NextHop = m, Label = 20 + m }) } },
        };

    private RouteEntry Route(uint vrf, uint address, uint nextHop) =>
        new()
        {
            Vrf = vrf,
            Prefix = address,
            Length = address == 0 ? 0u : 32,
            NextHop = nextHop,
            Label = nextHop <= 3 || random.Next(20) == 0 ? 0 : (uint)random.Next(16, 1 << 20),
            SecurityGroups = { Enumerable.Range(1, 2).Where(_ => random.Next(3) == 0).Select(static g => (uint)g) },
        };

    private RouteEntry PrefixRoute(uint vrf, (uint Prefix, uint Length) to)
    {
        var route = Route(vrf, to.Prefix, random.Next(5) == 0 ? Pick(NextHopIds) : 4);
        route.Length = to.Length;
        return route;
    }

    private static AccessListEntry AllowAll() =>
        new()
        {
            Id = Everything,
            Name = "everything",
            Rules =
            {
                new AccessRule
                {
                    Name = "in",
                    Direction = Direction.Ingress,
                    PortMax = 65535,
                },
                new AccessRule
                {
                    Name = "out",
                    Direction = Direction.Egress,
                    PortMax = 65535,
                },
            },
        };

    private AccessListEntry AccessList(uint id) =>
        new()
        {
            Id = id,
            Name = $"group{id}",
            Rules = { Enumerable.Range(0, random.Next(1, 4)).Select(_ => Rule()) },
        };

    private AccessRule Rule()
    {
        var (first, last) = Pick<(uint, uint)>((0, 65535), (0, 65535), (2000, 65535), (80, 80));
        return new AccessRule
        {
            Name = "rule",
            Direction = Pick(Direction.Ingress, Direction.Egress),
            Protocol = Pick<uint>(0, 0, 6, 17),
            PortMin = first,
            PortMax = last,
        };
    }

    private T Pick<T>(params T[] choices) => choices[random.Next(choices.Length)];
}
