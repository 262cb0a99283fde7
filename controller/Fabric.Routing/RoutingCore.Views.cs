using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>What operators may ask. A view is a copy; each call reads the tables as they are.</summary>
public sealed partial class RoutingCore
{
    public RoutingCounters Counters =>
        new(
            _shard.Vpn.Count,
            _shard.Tables.Where(t => t.Kind == RouteTableKind.Vrf).Sum(t => t.Count),
            _shard.Memberships.Count,
            _shard.Paths.Count,
            _shard.Attributes.Count,
            _shard.Tables.Sum(t => t.MemoryBytes)
                + _shard.Paths.MemoryBytes
                + _shard.Attributes.MemoryBytes
                + _shard.EvpnRoutes.MemoryBytes
                + _shard.PathIdMemoryBytes
                + _shard.ReceivedMemoryBytes
                + _shard.WatchMemoryBytes
                + _peers.Sum(p => p?.Paths.MemoryBytes ?? 0)
                + _groups.Values.SelectMany(g => g).Sum(g => g.MemoryBytes)
        );

    public IEnumerable<VrfView> Vrfs =>
        _vrfs.Values.Select(v => new VrfView(v.Name, v.Definition, _shard.FindTable(v)?.Count ?? 0, v.Subscriptions));

    public IEnumerable<PeerView> Peers =>
        _peersByName
            .Values.Where(p => p != _local)
            .Select(p => new PeerView(p.Id, p.Definition, p.IsUp, p.IsBlocked, p.MembershipState, CountAnnounced(p)));

    /// <summary>What the peer has advertised in a family; counted as it comes and goes.</summary>
    public PrefixCounts CountsOf(PeerId id, AddressFamily family) => Get(id).Paths.CountsOf(family);

    /// <summary>All that paths can come from, this node among them.</summary>
    public IEnumerable<(PeerId Id, PeerDefinition Definition)> Sources => _peers.OfType<Peer>().Select(peer => (peer.Id, peer.Definition));

    public PeerDefinition DefinitionOf(PeerId id) => id == _local.Id ? _local.Definition : Get(id).Definition;

    public IEnumerable<RouteView> VpnRoutes => RoutesOf(_shard.Vpn);

    public IEnumerable<RouteView> Memberships => RoutesOf(_shard.Memberships);

    /// <summary>None for an unknown VRF.</summary>
    public IEnumerable<RouteView> VrfRoutes(string vrf) =>
        _vrfs.TryGetValue(vrf, out var found) && _shard.FindTable(found) is { } table ? RoutesOf(table) : [];

    /// <summary>The EVPN routes that the VRF has imported; their keys have no RD.</summary>
    public IEnumerable<RouteView> VrfEvpnRoutes(string vrf) =>
        _vrfs.TryGetValue(vrf, out var found) && _shard.EvpnTableOf(found) is { } table ? RoutesOf(table) : [];

    public RouteView? VrfRoute(string vrf, IpPrefix prefix) =>
        _vrfs.TryGetValue(vrf, out var found) && _shard.FindTable(found) is { } table ? RouteOf(table, RouteKey.Vrf(prefix)) : null;

    private int CountAnnounced(Peer peer) => CountAdvertised(peer.Id, AddressFamily.Vpnv4) + CountAdvertised(peer.Id, AddressFamily.Vpnv6);

    private RouteView? RouteOf(RouteTable table, in RouteKey key) =>
        table.Find(key) is var route and not Route.None && table[route].FirstPath != Path.None ? ViewOf(table, route) : null;

    private IEnumerable<RouteView> RoutesOf(RouteTable table, Func<int, bool>? isWanted = null)
    {
        for (var route = 0; route < table.Extent; route++)
        {
            // A route without paths is gone; it only waits for receivers to hear of it, or to be swept.
            if (table.IsLive(route) && table[route].FirstPath != Path.None && isWanted?.Invoke(route) != false)
            {
                yield return ViewOf(table, route);
            }
        }
    }

    private RouteView ViewOf(RouteTable table, int route)
    {
        var views = new List<PathView>();
        var best = _shard.BestOf(table[route]);
        for (var path = table[route].FirstPath; path != Path.None; path = _shard.Paths[path].Next)
        {
            views.Add(ViewOf(table, path, best));
        }

        var key = RouteKey.Of(table[route]);
        return new RouteView(key, [.. views]) { Evpn = key.IsEvpn ? _shard.EvpnRoutes.KeyOf(key) : null };
    }

    private PathView ViewOf(RouteTable table, int index, int best)
    {
        var path = _shard.Paths[index];
        var source = _peers[path.Source]!.Definition;
        var received = path.Is(PathFlags.Imported) ? _shard.Paths[path.Origin].Attributes : _shard.ReceivedSetOf(index);
        var outcome = _shard.Explain(index);
        return new PathView
        {
            Source = source.Name,
            PathId = _shard.PathIdOf(path.Is(PathFlags.Imported) ? path.Origin : index),
            SourceKind = source.Kind,
            SourceRouterId = source.RouterId,
            SourceAddress = source.Address,
            Attributes = _shard.Attributes[path.Attributes],
            Label = table.HasEvpnRoutes ? default : new MplsLabel(path.Label),
            Evpn = table.HasEvpnRoutes ? _shard.EvpnRoutes.DataOf(path.Label) : null,
            Holder = _shard.HolderOf(index),
            ImportedFrom = path.Is(PathFlags.Imported) ? _shard.RdOf(path.Origin) : null,
            IsBest = index == best,
            IsEqual = path.Is(PathFlags.Equal),
            IsStale = _shard.OwnerOf(index).Is(PathFlags.Stale),
            IsLongLivedStale = path.Is(PathFlags.LongLivedStale),
            IsFeasible = path.Infeasible == RejectReason.None,
            Reason = WhyNot(index, best),
            Received = received == path.Attributes ? null : _shard.Attributes[received],
            Policy = outcome.Policy,
            Term = outcome.Term,
        };
    }

    private RejectReason WhyNot(int path, int best) =>
        path == best ? RejectReason.None
        : best == Path.None ? _shard.Paths[path].Infeasible
        : BestPath.Why(_shard.CandidateOf(path), _shard.CandidateOf(best), _shard.Paths[path].Is(PathFlags.Equal));
}
