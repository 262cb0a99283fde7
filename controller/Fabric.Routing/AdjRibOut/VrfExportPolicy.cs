using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>
/// A VRF's routes to its subscribers: all equal paths, of which those with one next hop and label are one. An agent does not hear of a route
/// that is its alone in this VRF; where others share it, it needs their next hops too, and of one that it published in another VRF only the
/// import tells it.
/// </summary>
internal sealed class VrfExportPolicy(RouteShard shard, IReadOnlyList<Peer?> peers, UpdateGroup group) : IExportPolicy
{
    private static readonly AddressFamily[] AllFamilies = [AddressFamily.Ipv4Unicast];
    private readonly List<AdvertisedPath> _paths = [];

    public ReadOnlySpan<AddressFamily> Families => AllFamilies;

    public ulong Open => group.Policy.Vrf!.Definition is not null ? ulong.MaxValue : 0;

    public ulong Eligible(in Route route, ulong receivers)
    {
        if (Open == 0)
        {
            return 0;
        }

        Collect(route);
        var source = _paths[0].Source;
        return _paths.TrueForAll(p => p.Source == source && p.RouteDistinguisher == default)
            ? receivers & ~group.BitOf(peers[source.Value]!)
            : receivers;
    }

    public void AppendPaths(in Route route, UpdateBatch batch)
    {
        Collect(route);
        foreach (var path in _paths)
        {
            batch.Add(path);
        }
    }

    private void Collect(in Route route)
    {
        _paths.Clear();
        for (var next = route.FirstPath; next != Path.None && shard.Paths[next].Is(PathFlags.Equal); next = shard.Paths[next].Next)
        {
            ref var path = ref shard.Paths[next];
            var attributes = shard.Attributes[path.Attributes];
            var label = new MplsLabel(path.Label);
            if (!Has(attributes.NextHop, label))
            {
                var rd = path.Is(PathFlags.Imported) ? shard.RdOf(path.Origin) : default;
                _paths.Add(new AdvertisedPath(new ExportedAttributes(attributes), label, rd, new PeerId(path.Source)));
            }
        }
    }

    private bool Has(IpAddress nextHop, MplsLabel label)
    {
        foreach (var path in _paths)
        {
            if (path.Label == label && path.Attributes.Value!.NextHop == nextHop)
            {
                return true;
            }
        }

        return false;
    }
}
