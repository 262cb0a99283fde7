using System.Numerics;
using Fabric.Primitives;
using Fabric.Routing.Policies;

namespace Fabric.Routing;

/// <summary>
/// Routes of one table to BGP peers: the best path, not back to its source, and of VPNs filtered by each peer's route target memberships.
/// </summary>
internal sealed class RouteExportPolicy : IExportPolicy
{
    private readonly RouteShard _shard;
    private readonly IReadOnlyList<Peer?> _peers;
    private readonly UpdateGroup _group;
    private readonly RouteTable _table;
    private readonly BgpExport _export;
    private readonly AddressFamily[] _families;
    private readonly bool _isFiltered;
    private readonly bool _takesIpv4;
    private readonly bool _takesOthers;

    public RouteExportPolicy(RouteShard shard, IReadOnlyList<Peer?> peers, UpdateGroup group, RouteTable table, BgpExport export)
    {
        _shard = shard;
        _peers = peers;
        _group = group;
        _table = table;
        _export = export;
        _families = group.Policy.Families.In(table.Kind);
        _isFiltered = table.HasRouteTargets && group.Policy.HasMembership;
        _takesIpv4 = _families.Contains(RouteFamilies.Of(table.Kind, RouteKind.Ipv4));
        _takesOthers = _families.Contains(RouteFamilies.Of(table.Kind, RouteKind.Ipv6));
    }

    public ReadOnlySpan<AddressFamily> Families => _families;

    public ulong Open
    {
        get
        {
            var open = 0UL;
            foreach (var (peer, bit) in _group.Members)
            {
                open |= !_isFiltered || peer.MembershipState != MembershipState.Waiting ? bit : 0;
            }

            return open;
        }
    }

    public ulong Eligible(in Route route, ulong receivers)
    {
        if (route.Kind == RouteKind.Ipv4 ? !_takesIpv4 : !_takesOthers)
        {
            return 0;
        }

        ref var best = ref _shard.Paths[route.FirstPath];
        var source = _peers[best.Source]!;
        if (!MayAdvertise(best, source.Definition, route))
        {
            return 0;
        }

        var eligible = receivers & ~_group.BitOf(source);
        return _isFiltered ? Wanting(best, eligible) : eligible;
    }

    public void AppendPaths(in Route route, UpdateBatch batch)
    {
        ref var best = ref _shard.Paths[route.FirstPath];
        var source = _peers[best.Source]!;
        var attributes = _export.Append(_shard.Attributes, best, source.Definition, RouteOf(route), batch);
        var label = _table.HasEvpnRoutes ? default : new MplsLabel(best.Label);
        batch.Add(new AdvertisedPath(attributes, label, new RouteDistinguisher(route.Rd), source.Id));
    }

    private ulong Wanting(in Path path, ulong receivers)
    {
        var wanting = receivers;
        for (var left = receivers; left != 0; left &= left - 1)
        {
            var peer = _group.MemberAt(BitOperations.TrailingZeroCount(left));
            if (
                peer.MembershipState == MembershipState.Waiting
                || !peer.Filter.Wants(_shard.Attributes.ExtendedCommunitiesOf(path.Attributes))
            )
            {
                wanting &= ~(left & (~left + 1));
            }
        }

        return wanting;
    }

    private bool MayAdvertise(in Path best, PeerDefinition source, in Route route)
    {
        if (_export.IsReflectedAsBytes(_shard.Attributes, best, source))
        {
            return _export.MayAdvertiseInside(source);
        }

        var attributes = _shard.Attributes[best.Attributes];
        var isStale = best.Is(PathFlags.LongLivedStale);
        return _export.MayAdvertise(attributes, source, isStale)
            && (!_export.CanRefuse || _export.Export(attributes, source, isStale, RouteOf(route)).IsSent);
    }

    private PolicyRoute RouteOf(in Route route) => _shard.PolicyRouteOf(_table, RouteKey.Of(route));
}
