using Fabric.Primitives;
using Fabric.Routing.Policies;

namespace Fabric.Routing;

/// <summary>
/// Memberships to BGP peers that negotiated them (RFC 4684 section 3.2). A peer whose membership is the one to be told still hears of it if
/// somebody else wants the target too: without that it would keep the routes that the other one asked for. For the same reason, peers that
/// are not reflected a best path hear of the best one that they may have: that another non-client wants the target does not say that a client does.
/// </summary>
internal sealed class MembershipExportPolicy(RouteShard shard, IReadOnlyList<Peer?> peers, UpdateGroup group, BgpExport export)
    : IExportPolicy
{
    private readonly AddressFamily[] _families = [AddressFamily.RouteTargetMembership];

    public ReadOnlySpan<AddressFamily> Families => _families;

    public ulong Open => ulong.MaxValue;

    public ulong Eligible(in Route route, ulong receivers)
    {
        var path = shard.ToldOf(route, group.Policy);
        if (path == Path.None)
        {
            return 0;
        }

        ref var told = ref shard.Paths[path];
        var source = peers[told.Source]!;
        if (!export.MayAdvertise(shard.Attributes[told.Attributes], source.Definition, told.Is(PathFlags.LongLivedStale)))
        {
            return 0;
        }

        return HasOtherSource(route, told.Source) ? receivers : receivers & ~group.BitOf(source);
    }

    public void AppendPaths(in Route route, UpdateBatch batch)
    {
        ref var told = ref shard.Paths[shard.ToldOf(route, group.Policy)];
        var source = peers[told.Source]!;
        var key = PolicyRoute.Of(RouteTableKind.Membership, RouteKey.Of(route));
        batch.Add(new AdvertisedPath(export.Append(shard.Attributes, told, source.Definition, key, batch), default, default, source.Id));
    }

    private bool HasOtherSource(in Route route, ushort source)
    {
        var path = shard.BestOf(route);
        while (path != Path.None && shard.Paths[path].Source == source)
        {
            path = shard.NextFeasible(path);
        }

        return path != Path.None;
    }
}
