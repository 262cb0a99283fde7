using Fabric.Agent.Core.Tables;
using Fabric.Datapath;
using Fabric.Routing;
using Fabric.Simulation.Nodes;

namespace Fabric.Simulation.Checks;

/// <summary>Each agent holds what the control nodes have for it, and each worker of its data plane holds what the agent wants.</summary>
internal static class AgentChecks
{
    public static void Run(FabricSim fabric)
    {
        foreach (var host in fabric.HostList)
        {
            for (var worker = 0; worker < host.Datapath!.Workers; worker++)
            {
                CheckTables($"worker {worker} at {host.Name}", host.Agent!.Core.Tables, host.Datapath.TablesOf(worker));
            }

            foreach (var control in fabric.ControlNodeList)
            {
                CheckMirror(host, control);
            }
        }
    }

    private static void CheckTables(string host, DesiredTables desired, DatapathTables actual)
    {
        Compare(host, "VRFs", desired.Vrfs.Desired.Values, actual.Vrfs.Select(static vrf => vrf.Entry));
        Compare(host, "vifs", desired.Vifs.Desired.Values, actual.Vifs.Select(static vif => vif.Entry));
        Compare(host, "next hops", desired.NextHops.Desired.Values, actual.NextHops.Select(static hop => hop.Entry));
        Compare(host, "labels", desired.Labels.Desired.Values, actual.Labels.Select(static label => label.Entry));
        Compare(
            host,
            "routes",
            desired.Routes.Desired.Values,
            actual.Vrfs.SelectMany(static vrf => vrf.Routes).Select(static r => r.Entry)
        );
        Compare(host, "access lists", desired.AccessLists.Desired.Keys, actual.AccessLists.Select(static list => list.Id));
    }

    private static void Compare<T>(string host, string table, IEnumerable<T> desired, IEnumerable<T> actual)
        where T : notnull =>
        Differences.Throw(
            $"{table} of the data plane's {host}",
            [.. desired.Select(static entry => entry.ToString()!)],
            [.. actual.Select(static entry => entry.ToString()!)]
        );

    private static void CheckMirror(SimHost host, SimControlNode control)
    {
        var core = host.Agent!.Core;
        var controller = control.Xmpp.ToString();
        var rib = control.Node!.Routes.Core;
        var expected = new HashSet<string>();
        var actual = new HashSet<string>();
        foreach (var vrf in core.Local.Vrfs.Keys)
        {
            expected.UnionWith(rib.VrfRoutes(vrf).Where(route => IsTold(route, host)).Select(route => Describe(vrf, route)));
        }

        foreach (var vrf in core.Mirror.Vrfs)
        {
            foreach (var prefix in core.Mirror.Prefixes(vrf))
            {
                foreach (var path in core.Mirror.Paths(vrf, prefix))
                {
                    if (path.Controller == controller)
                    {
                        var hops = path
                            .Route.NextHops.Select(static hop => $"{hop.Address}/{hop.Label.Value}")
                            .Order(StringComparer.Ordinal);
                        actual.Add($"{vrf} {prefix} {string.Join(' ', hops)}{(path.IsStale ? " stale" : "")}");
                    }
                }
            }
        }

        Differences.Throw($"routes of {control.Name} at {host.Name}", expected, actual);
    }

    /// <summary>An agent does not hear of a route that is its alone in its VRF.</summary>
    private static bool IsTold(RouteView route, SimHost host) =>
        route
            .Paths.Where(static path => path.IsEqual)
            .DistinctBy(static path => (path.Attributes.NextHop, path.Label))
            .Any(path => path.ImportedFrom is not null || path.Source != $"agent:{host.Name}");

    private static string Describe(string vrf, RouteView route)
    {
        var hops = route
            .Paths.Where(static path => path.IsEqual)
            .Select(static path => $"{path.Attributes.NextHop}/{path.Label.Value}")
            .Distinct()
            .Order(StringComparer.Ordinal);
        return $"{vrf} {route.Key.Prefix} {string.Join(' ', hops)}";
    }
}
