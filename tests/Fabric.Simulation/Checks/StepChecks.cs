using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Simulation.Nodes;

namespace Fabric.Simulation.Checks;

/// <summary>
/// What holds at every step: no route is in a VRF that does not import one of its targets, and nobody holds back more than its limit.
/// Only a step of a node's routing loop can change its RIB, so only then it is looked through.
/// </summary>
internal sealed class StepChecks(IReadOnlyList<SimControlNode> nodes)
{
    private readonly Dictionary<SimControlNode, long> _seenRuns = [];

    public void Run()
    {
        foreach (var node in nodes)
        {
            if (node.Node is { } control && node.RoutingLoop!.Runs != _seenRuns.GetValueOrDefault(node))
            {
                _seenRuns[node] = node.RoutingLoop.Runs;
                CheckImports(node.Name, control.Routes.Core);
            }
        }
    }

    private static void CheckImports(string node, RoutingCore core)
    {
        foreach (var vrf in core.Vrfs)
        {
            if (vrf.Routes == 0)
            {
                continue;
            }

            var imported = vrf.Definition?.ImportTargets ?? [];
            foreach (var route in core.VrfRoutes(vrf.Name))
            {
                foreach (var path in route.Paths)
                {
                    if (path.ImportedFrom is not null && !SharesTarget(path, imported))
                    {
                        throw new SimulationException($"{node}: {route.Key} is in {vrf.Name} without a shared route target.");
                    }
                }
            }
        }
    }

    private static bool SharesTarget(PathView path, EquatableArray<RouteTarget> imported)
    {
        foreach (var community in path.Attributes.ExtendedCommunities)
        {
            if (community.IsRouteTarget && imported.Contains(new RouteTarget(community.Value)))
            {
                return true;
            }
        }

        return false;
    }
}
