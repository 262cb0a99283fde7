using Fabric.Intent;
using Fabric.Model.Config;
using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Simulation.Nodes;

namespace Fabric.Simulation.Checks;

/// <summary>What each control node has is what its store comes to from scratch, and both have the same routes.</summary>
internal static class ControlNodeChecks
{
    public static void Run(FabricSim fabric)
    {
        foreach (var control in fabric.ControlNodeList)
        {
            if (control.Errors.FirstOrDefault() is { } error)
            {
                throw new SimulationException($"{control.Name} refused a request: {error}");
            }

            CheckIntent(control, fabric.HostList);
            CheckNoneStale(control);
        }

        var first = fabric.ControlNodeList[0];
        foreach (var other in fabric.ControlNodeList.Skip(1))
        {
            Differences.Throw($"VPN routes of {other.Name}", VpnRoutes(first), VpnRoutes(other));
        }

        foreach (var session in fabric.GatewayList.SelectMany(static gateway => gateway.Sessions))
        {
            var own = fabric.GatewayList.SelectMany(static gateway => gateway.Announcements).Select(static route => route.Key).ToHashSet();
            var heard = session.Routes.Select(static route =>
                $"{route.Key.Distinguisher}:{route.Key.Prefix} label {route.Value.Label.Value} via {route.Value.Attributes.NextHop}"
            );
            var told = VpnRoutes(first, route => !own.Contains(new VpnKey(route.RouteDistinguisher, route.Prefix)));
            Differences.Throw($"routes of the gateway from {session.ControlNode}", told, [.. heard]);
        }
    }

    /// <summary>Each VPN route with what its best path says.</summary>
    public static HashSet<string> VpnRoutes(SimControlNode control) => VpnRoutes(control, static _ => true);

    private static HashSet<string> VpnRoutes(SimControlNode control, Func<RouteKey, bool> chosen) =>
        [
            .. control
                .Node!.Routes.Core.VpnRoutes.Where(route => chosen(route.Key))
                .Select(static route => (route.Key, Best: route.Paths[0]))
                .Select(static route => $"{route.Key} label {route.Best.Label.Value} via {route.Best.Attributes.NextHop}"),
        ];

    private static void CheckIntent(SimControlNode control, IEnumerable<SimHost> hosts)
    {
        var node = control.Node!;
        var stored = control.Store.Load();
        var intent = new IntentGraph();
        var delta = intent.Apply(new ConfigDelta(stored.Revision, [.. stored.Objects.Select(item => ConfigChange.Put(item.Value))]));
        Differences.Throw(
            $"VRFs of {control.Name}",
            [.. delta.Vrfs.Select(static vrf => Describe(vrf.Name, vrf.ImportTargets, vrf.ExportTargets))],
            [
                .. node
                    .Routes.Core.Vrfs.Select(static vrf => vrf.Definition)
                    .OfType<VrfDefinition>()
                    .Select(static vrf => Describe(vrf.Name, vrf.ImportTargets, vrf.ExportTargets)),
            ]
        );
        Differences.Throw(
            $"neighbours of {control.Name}",
            [.. delta.Neighbors.Select(static neighbor => neighbor.ToString())],
            [.. node.Speaker.Neighbors.Select(static neighbor => neighbor.Intent.ToString())]
        );
        foreach (var host in hosts)
        {
            var wanted = intent.ViewOf(host.Name).Select(static value => Convert.ToHexString(Agents(value)));
            var held = node.Views.Of(host.Name).Updates.Select(static value => Convert.ToHexString(value.Span));
            Differences.Throw($"view of {host.Name} at {control.Name}", [.. wanted], [.. held]);
        }
    }

    private static ReadOnlySpan<byte> Agents(Model.AgentView.AgentViewObject value) => Controller.Agents.AgentViews.Encode(value).Span;

    private static void CheckNoneStale(SimControlNode control)
    {
        var core = control.Node!.Routes.Core;
        var tables = core.VpnRoutes.Concat(core.Vrfs.SelectMany(vrf => core.VrfRoutes(vrf.Name)));
        if (tables.FirstOrDefault(static route => route.Paths.Any(static path => path.IsStale)) is { } stale)
        {
            throw new SimulationException($"{control.Name} still has {stale.Key} of {stale.Paths[0].Source} as stale.");
        }
    }

    private static string Describe(string name, EquatableArray<RouteTarget> imported, EquatableArray<RouteTarget> exported) =>
        $"{name} imports {string.Join(' ', imported)} exports {string.Join(' ', exported)}";
}
