using System.Runtime.InteropServices;
using Fabric.Routing;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Bgp;

/// <summary>Makes the NLRI of one kind from updates; keeps its buffer.</summary>
internal sealed class RouteEncoder<TNlri>(RouteEncoder<TNlri>.Encode encode)
    where TNlri : struct, INlri<TNlri>
{
    private readonly List<TNlri> _routes = [];
    private readonly List<PathNlri<TNlri>> _paths = [];

    /// <summary>The NLRI of an update; a withdrawal has no path, and its label is not looked at.</summary>
    internal delegate TNlri Encode(in RouteUpdate update, UpdateBatch batch);

    /// <summary>Valid until the next call.</summary>
    public ReadOnlySpan<TNlri> Routes(ReadOnlySpan<RouteUpdate> updates, UpdateBatch batch)
    {
        CollectionsMarshal.SetCount(_routes, updates.Length);
        var routes = CollectionsMarshal.AsSpan(_routes);
        for (var i = 0; i < updates.Length; i++)
        {
            routes[i] = encode(updates[i], batch);
        }

        return routes;
    }

    /// <summary>The same with path identifiers, where the receivers take several paths (RFC 7911).</summary>
    public ReadOnlySpan<PathNlri<TNlri>> Paths(ReadOnlySpan<RouteUpdate> updates, UpdateBatch batch)
    {
        _paths.Clear();
        foreach (ref readonly var update in updates)
        {
            _paths.Add(new PathNlri<TNlri>(update.PathId, encode(update, batch)));
        }

        return CollectionsMarshal.AsSpan(_paths);
    }
}
