using System.Numerics;
using Fabric.Primitives;
using Fabric.Routing.Policies;
using Fabric.Wire.Bgp;

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
    private readonly bool _takesIpv6NextHops;

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
        _takesIpv6NextHops = group.Policy.ExtendedNextHops.Contains(RouteFamilies.Of(table.Kind, RouteKind.Ipv4));
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

    public ulong Eligible(in Route route, ulong receivers) => Eligible(route, route.FirstPath, receivers);

    /// <summary>Those of the receivers that may hold this path of the route.</summary>
    public ulong Eligible(in Route route, int index, ulong receivers)
    {
        if (route.Kind == RouteKind.Ipv4 ? !_takesIpv4 : !_takesOthers)
        {
            return 0;
        }

        ref var path = ref _shard.Paths[index];
        var source = _peers[path.Source]!;
        if (!MayAdvertise(path, source.Definition, route))
        {
            return 0;
        }

        var eligible = receivers & ~_group.BitOf(source);
        return _isFiltered ? Wanting(path, eligible) : eligible;
    }

    public void AppendPaths(in Route route, UpdateBatch batch) => AppendPath(route, route.FirstPath, batch);

    public void AppendPath(in Route route, int index, UpdateBatch batch)
    {
        ref var path = ref _shard.Paths[index];
        var source = _peers[path.Source]!;
        var attributes = _export.IsReflectedAsBytes(_shard.Attributes, path, source.Definition)
            ? _export.AppendReflected(_shard.Attributes, path, source.Definition, batch)
            : _export.Append(_shard.Attributes, path, source.Definition, RouteOf(route), batch);
        var label = _table.HasEvpnRoutes ? default : new MplsLabel(path.Label);
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

    private bool MayAdvertise(in Path path, PeerDefinition source, in Route route)
    {
        var sets = _shard.Attributes;
        var needsIpv4 = route.Kind == RouteKind.Ipv4 && !_takesIpv6NextHops;
        if (_export.IsReflectedAsBytes(sets, path, source))
        {
            return _export.MayAdvertiseInside(source) && !(needsIpv4 && IsIpv6(StoredAttributes.NextHop(sets.BytesOf(path.Attributes))));
        }

        var attributes = sets[path.Attributes];
        var isStale = path.Is(PathFlags.LongLivedStale);
        if (!_export.MayAdvertise(attributes, source, isStale))
        {
            return false;
        }

        if (!_export.CanRefuse && !needsIpv4)
        {
            return true;
        }

        var outcome = _export.Export(attributes, source, isStale, RouteOf(route));
        return outcome.IsSent && !(needsIpv4 && IsIpv6(outcome.Attributes.NextHop));
    }

    private static bool IsIpv6(IpAddress nextHop) => nextHop.Kind == AddressKind.Ipv6;

    private PolicyRoute RouteOf(in Route route) => _shard.PolicyRouteOf(_table, RouteKey.Of(route));
}
