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
        var attributes = shard.Attributes[best.Attributes];
        var isStale = best.Is(PathFlags.LongLivedStale);
        if (
            !export.MayAdvertise(attributes, source.Definition, isStale)
            || export.CanRefuse && !export.Export(attributes, source.Definition, isStale, RouteOf(route)).IsSent
        )
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
            if (peer.MembershipState == MembershipState.Waiting || !peer.Filter.Wants(attributes))
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
        var isStale = best.Is(PathFlags.LongLivedStale);
        var exported = export.Export(shard.Attributes[best.Attributes], source.Definition, isStale, RouteOf(route));
        batch.Add(new AdvertisedPath(exported.Attributes, new MplsLabel(best.Label), new RouteDistinguisher(route.Rd), source.Id));
    }

    private static PolicyRoute RouteOf(in Route route) => PolicyRoute.Of(RouteTableKind.Vpn, RouteKey.Of(route));
}
