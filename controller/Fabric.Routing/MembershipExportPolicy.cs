using Fabric.Primitives;
using Fabric.Routing.Policies;

namespace Fabric.Routing;

/// <summary>
/// Memberships to BGP peers that negotiated them. A peer whose membership is the best one still hears of it if somebody else wants the
/// target too: without that it would keep the routes that the other one asked for (RFC 4684 section 3.2).
/// </summary>
internal sealed class MembershipExportPolicy(RouteShard shard, IReadOnlyList<Peer?> peers, UpdateGroup group, BgpExport export)
    : IExportPolicy
{
    private readonly AddressFamily[] _families = [AddressFamily.RouteTargetMembership];

    public ReadOnlySpan<AddressFamily> Families => _families;

    public ulong Open => ulong.MaxValue;

    public ulong Eligible(in Route route, ulong receivers)
    {
        ref var best = ref shard.Paths[route.FirstPath];
        var source = peers[best.Source]!;
        if (!export.MayAdvertise(shard.Attributes[best.Attributes], source.Definition, best.Is(PathFlags.LongLivedStale)))
        {
            return 0;
        }

        var next = best.Next;
        var hasOther = next != Path.None && shard.Paths[next].Infeasible == RejectReason.None;
        return hasOther ? receivers : receivers & ~group.BitOf(source);
    }

    public void AppendPaths(in Route route, UpdateBatch batch)
    {
        ref var best = ref shard.Paths[route.FirstPath];
        var source = peers[best.Source]!;
        var key = PolicyRoute.Of(RouteTableKind.Membership, RouteKey.Of(route));
        batch.Add(new AdvertisedPath(export.Append(shard.Attributes, best, source.Definition, key, batch), default, default, source.Id));
    }
}
