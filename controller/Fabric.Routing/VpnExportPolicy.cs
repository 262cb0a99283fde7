using System.Numerics;
using Fabric.Primitives;
using Fabric.Routing.Policies;

namespace Fabric.Routing;

/// <summary>VPN routes to BGP peers: the best path, not back to its source, filtered by each peer's route target memberships.</summary>
internal sealed class VpnExportPolicy(RouteShard shard, IReadOnlyList<Peer?> peers, UpdateGroup group, BgpExport export) : IExportPolicy
{
    private readonly AddressFamily[] _families =
    [
        .. new[] { (group.Policy.HasVpnv4, AddressFamily.Vpnv4), (group.Policy.HasVpnv6, AddressFamily.Vpnv6) }
            .Where(f => f.Item1)
            .Select(f => f.Item2),
    ];

    public ReadOnlySpan<AddressFamily> Families => _families;

    public ulong Open
    {
        get
        {
            var open = 0UL;
            foreach (var (peer, bit) in group.Members)
            {
                open |= peer.MembershipState != MembershipState.Waiting ? bit : 0;
            }

            return open;
        }
    }

    public ulong Eligible(in Route route, ulong receivers)
    {
        if (route.Kind == RouteKind.Ipv4 ? !group.Policy.HasVpnv4 : !group.Policy.HasVpnv6)
        {
            return 0;
        }

        ref var best = ref shard.Paths[route.FirstPath];
        var source = peers[best.Source]!;
        if (!MayAdvertise(best, source.Definition, route))
        {
            return 0;
        }

        var eligible = receivers & ~group.BitOf(source);
        if (!group.Policy.HasMembership)
        {
            return eligible;
        }

        for (var left = eligible; left != 0; left &= left - 1)
        {
            var peer = group.MemberAt(BitOperations.TrailingZeroCount(left));
            if (
                peer.MembershipState == MembershipState.Waiting
                || !peer.Filter.Wants(shard.Attributes.ExtendedCommunitiesOf(best.Attributes))
            )
            {
                eligible &= ~(left & (~left + 1));
            }
        }

        return eligible;
    }

    public void AppendPaths(in Route route, UpdateBatch batch)
    {
        ref var best = ref shard.Paths[route.FirstPath];
        var source = peers[best.Source]!;
        var attributes = export.Append(shard.Attributes, best, source.Definition, RouteOf(route), batch);
        batch.Add(new AdvertisedPath(attributes, new MplsLabel(best.Label), new RouteDistinguisher(route.Rd), source.Id));
    }

    private bool MayAdvertise(in Path best, PeerDefinition source, in Route route)
    {
        if (export.IsReflectedAsBytes(shard.Attributes, best, source))
        {
            return export.MayAdvertiseInside(source);
        }

        var attributes = shard.Attributes[best.Attributes];
        var isStale = best.Is(PathFlags.LongLivedStale);
        return export.MayAdvertise(attributes, source, isStale)
            && (!export.CanRefuse || export.Export(attributes, source, isStale, RouteOf(route)).IsSent);
    }

    private static PolicyRoute RouteOf(in Route route) => PolicyRoute.Of(RouteTableKind.Vpn, RouteKey.Of(route));
}
