using Fabric.Analytics;
using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Wire.Bgp;
using PeerKind = Fabric.Routing.PeerKind;

namespace Fabric.Controller.Tests;

/// <summary>Does random things to a RIB: two VRFs, an agent, two BGP peers that come and go.</summary>
internal sealed class TableHistory(RoutingCore core, Random random)
{
    private static readonly AsNumber s_as = new(64512);
    private static readonly string[] s_vrfs = ["red", "blue"];
    private static readonly string[] s_prefixes = ["10.1.0.5/32", "10.1.0.0/24", "2001:db8::5/128"];
    private static readonly string[] s_rds = ["64512:1", "64512:2"];

    private readonly Dictionary<string, PeerId> _peers = [];

    public void Step()
    {
        switch (random.Next(12))
        {
            case 0:
                core.ConfigureVrf(
                    new VrfDefinition
                    {
                        Name = Pick(s_vrfs),
                        ImportTargets = [Target()],
                        ExportTargets = [Target()],
                    }
                );
                break;
            case 1:
                core.RemoveVrf(Pick(s_vrfs));
                break;
            case 2 when _peers.Remove(Pick("p", "q", "a"), out var gone):
                core.Remove(gone);
                break;
            case 3 when _peers.TryGetValue("p", out var stale):
                core.MarkStale(stale, AddressFamily.Vpnv4);
                break;
            case 4 when _peers.TryGetValue("p", out var swept):
                core.SweepStale(swept, AddressFamily.Vpnv4);
                break;
            case < 8:
                SayAsAgent(PeerOf("a", PeerKind.Agent));
                break;
            default:
                SayAsPeer(PeerOf(Pick("p", "q"), PeerKind.InternalBgp));
                break;
        }
    }

    /// <summary>What a path's rows are named by, and what the last one says.</summary>
    public Dictionary<string, string> Tables()
    {
        var tables = new Dictionary<string, string>();
        Add("bgp.l3vpn", core.VpnRoutes);
        Add("bgp.rtarget", core.Memberships);
        foreach (var vrf in core.Vrfs)
        {
            Add(vrf.Name, core.VrfRoutes(vrf.Name));
        }

        return tables;

        void Add(string table, IEnumerable<RouteView> routes)
        {
            foreach (var route in routes)
            {
                var key = route.Key;
                foreach (var path in route.Paths.Where(path => path.IsFeasible))
                {
                    var rd = path.ImportedFrom ?? key.RouteDistinguisher;
                    var prefix = key.IsMembership ? key.Membership.ToString() : key.Prefix.ToString();
                    var peer = path.SourceKind == PeerKind.Local ? "" : path.Source;
                    tables.Add(
                        $"{table} {(rd.Value == 0 || key.IsMembership ? "" : rd)} {prefix} {peer}",
                        $"{path.Attributes.NextHop} {path.Label} {path.IsBest} {path.IsStale}"
                    );
                }
            }
        }
    }

    /// <summary>Makes of the rows what a consumer has; an addition of what it has already, or a change of what it has not, is a fault.</summary>
    public static void Replay(IEnumerable<RouteEvent> rows, Dictionary<string, string> held)
    {
        foreach (var row in rows)
        {
            var table = row.Table.Split(".0")[0].Replace("-inet6", "", StringComparison.Ordinal);
            var key = $"{table} {row.RouteDistinguisher} {row.Prefix} {row.Peer}";
            Assert.That(held.ContainsKey(key), Is.EqualTo(row.Change != RouteChange.Added), $"{row.Change} {key}");
            if (row.Change == RouteChange.Withdrawn)
            {
                held.Remove(key);
            }
            else
            {
                held[key] = $"{row.NextHop} {row.Labels.FirstOrDefault()} {row.Best} {row.Stale}";
            }
        }
    }

    private void SayAsAgent(PeerId agent)
    {
        var vrf = Pick(s_vrfs);
        core.Subscribe(agent, vrf);
        var prefix = IpPrefix.Parse(Pick(s_prefixes));
        if (random.Next(3) == 0)
        {
            core.Withdraw(agent, vrf, prefix);
            return;
        }

        var rd = RouteDistinguisher.Parse($"198.51.100.1:{Array.IndexOf(s_vrfs, vrf)}");
        core.Advertise(agent, vrf, prefix, rd, Attributes(), new MplsLabel((uint)random.Next(16, 18)));
    }

    private void SayAsPeer(PeerId peer)
    {
        var (rd, prefix) = (RouteDistinguisher.Parse(Pick(s_rds)), IpPrefix.Parse(Pick(s_prefixes)));
        if (random.Next(3) == 0)
        {
            core.Withdraw(peer, rd, prefix);
        }
        else
        {
            core.Advertise(peer, rd, prefix, Attributes(), new MplsLabel(100));
        }
    }

    private PathAttributes Attributes() =>
        new()
        {
            NextHop = IpAddress.FromIpv4(0xC633_6400u + (uint)random.Next(3)),
            LocalPref = (uint)random.Next(100, 102),
            ExtendedCommunities = [Target().Community],
        };

    private PeerId PeerOf(string name, PeerKind kind)
    {
        if (!_peers.TryGetValue(name, out var peer))
        {
            peer = core.Establish(
                new PeerDefinition
                {
                    Name = name,
                    Kind = kind,
                    RouterId = new BgpIdentifier(name[0]),
                    Address = IpAddress.FromIpv4(name[0]),
                    Families = [AddressFamily.Vpnv4, AddressFamily.Vpnv6],
                }
            );
            _peers.Add(name, peer);
        }

        return peer;
    }

    private RouteTarget Target() => RouteTarget.FromAs(s_as, (uint)random.Next(1, 3));

    private T Pick<T>(params T[] values) => values[random.Next(values.Length)];
}
