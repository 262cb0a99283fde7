using System.Runtime.InteropServices;
using Fabric.Routing;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Bgp;

/// <summary>Makes the NLRI of one kind from updates; keeps its buffer.</summary>
internal sealed class RouteEncoder<TNlri>(RouteEncoder<TNlri>.Encode encode)
    where TNlri : struct, INlri<TNlri>
{
    private readonly List<TNlri> _routes = [];

    /// <summary>The NLRI of an update; a withdrawal has no path, and its label is not looked at.</summary>
    internal delegate TNlri Encode(in RouteUpdate update, UpdateBatch batch);

    /// <summary>Valid until the next call.</summary>
    public ReadOnlySpan<TNlri> Routes(ReadOnlySpan<RouteUpdate> updates, UpdateBatch batch)
    {
        _routes.Clear();
        foreach (ref readonly var update in updates)
        {
            _routes.Add(encode(update, batch));
        }

        return CollectionsMarshal.AsSpan(_routes);
    }
}
