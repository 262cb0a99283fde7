using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Intent.Graph;

/// <summary>
/// A network's VRF: its own target both ways, the operator's targets, and for every connection the own targets of the other
/// networks. A network that a connection names and that is not there adds nothing until it comes.
/// </summary>
internal static class VrfNode
{
    public static VrfIntent? Evaluate(ConfigTables tables, ConfigKey key)
    {
        if (tables.Find<VirtualNetwork>(key) is not { RouteTarget: { } own } network)
        {
            return null;
        }

        var connected = tables
            .OfNetwork[key]
            .Select(tables.Find<NetworkConnection>)
            .SelectMany(ConfigTables.NetworksOf)
            .Select(other => tables.Find<VirtualNetwork>(other)?.RouteTarget)
            .OfType<RouteTarget>();
        return new VrfIntent(
            VrfName(key),
            key.QualifiedName,
            network.Id,
            Sorted([own, .. network.ImportRouteTargets, .. network.RouteTargets, .. connected]),
            Sorted([own, .. network.ExportRouteTargets, .. network.RouteTargets])
        );
    }

    public static string VrfName(ConfigKey network) => $"{network.QualifiedName}:{network.Name}";

    private static EquatableArray<RouteTarget> Sorted(IEnumerable<RouteTarget> targets) => targets.Distinct().Order().ToEquatableArray();
}
