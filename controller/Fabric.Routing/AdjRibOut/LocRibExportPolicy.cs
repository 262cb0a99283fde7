using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>The Loc-RIB to who watches it: the best path of every route, as it is (RFC 9069).</summary>
internal sealed class LocRibExportPolicy(RouteShard shard, RouteTable table) : IExportPolicy
{
    private readonly AddressFamily[] _families = FamilySet.Every.In(table.Kind);

    private readonly StoredCopies _copies = new(shard.Attributes);

    public ReadOnlySpan<AddressFamily> Families => _families;

    public ulong Open => ulong.MaxValue;

    public ulong Eligible(in Route route, ulong receivers) => receivers;

    public void AppendPaths(in Route route, UpdateBatch batch)
    {
        ref var best = ref shard.Paths[route.FirstPath];
        batch.Add(
            new AdvertisedPath(
                _copies.Append(best.Attributes, batch),
                table.HasEvpnRoutes ? default : new MplsLabel(best.Label),
                new RouteDistinguisher(table.Kind == RouteTableKind.Membership ? 0 : route.Rd),
                new PeerId(best.Source)
            )
        );
    }
}
