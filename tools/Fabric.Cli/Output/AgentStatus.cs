using System.Globalization;
using System.Text.Json;
using Fabric.Cli.Nodes;

namespace Fabric.Cli.Output;

/// <summary>Reads an agent's /inspect/status.</summary>
internal static class AgentStatus
{
    private const string Established = "Established";

    // Named as a controller and not needed now: two are in use at a time.
    private const string Spare = "Spare";

    public static ProgramStatus Of(string node, JsonElement status, DateTimeOffset now)
    {
        var dataPlane = status.At("data-plane") ?? default;
        return new ProgramStatus(
            node,
            NodeRole.Agent,
            status,
            $"{status.Text("address")}, {Ports(status)}, {Count.Of(status.Number("vrfs"), "VRF")}, {Count.Of(status.Number("routes"), "route")}",
            [.. status.Items("controllers").Select(controller => Controller(controller, now)), DataPlane(dataPlane)],
            [.. ControllerProblems(status), .. DataPlaneProblems(dataPlane), .. PortProblems(status), .. RouteProblems(status)]
        );
    }

    private static string Ports(JsonElement status)
    {
        var states = status.At("ports") is { } ports ? ports.EnumerateObject().ToList() : [];
        return states.Count == 0
            ? "no ports"
            : "ports: " + string.Join(", ", states.Select(state => $"{state.Value} {state.Name.Words()}"));
    }

    private static SessionLine Controller(JsonElement controller, DateTimeOffset now)
    {
        var since = controller.Text("established-at");
        return new SessionLine(
            "XMPP",
            controller.Text("end-point") ?? "-",
            controller.Text("state") ?? "-",
            since is null ? null : Duration.Of(now - DateTimeOffset.Parse(since, CultureInfo.InvariantCulture)),
            controller.Flag("config-peer") ? "routes and configuration" : "routes"
        );
    }

    private static SessionLine DataPlane(JsonElement dataPlane) =>
        new(
            "tables",
            NodeRole.Datapath.Program(),
            dataPlane.Flag("stuck") ? "stuck"
                : dataPlane.Flag("in-sync") ? "in sync"
                : dataPlane.Flag("connected") ? "behind"
                : "not connected",
            Up: null,
            $"generation {dataPlane.Text("applied-generation")} of {dataPlane.Text("sent-generation")}"
        );

    private static IEnumerable<Problem> ControllerProblems(JsonElement status)
    {
        foreach (var controller in status.Items("controllers").Where(one => one.Text("state") is not (Established or Spare)))
        {
            yield return new Problem(
                $"controller {controller.Text("end-point")}",
                controller.Text("reason") ?? $"is {controller.Text("state")}",
                controller.Text("hint")
            );
        }

        if (!status.Flag("complete"))
        {
            yield return new Problem(
                "start",
                "configuration and routes have not come whole since the agent started; the data plane keeps what it had",
                "a session with a controller has to reach its End-of-RIB"
            );
        }
    }

    private static IEnumerable<Problem> DataPlaneProblems(JsonElement dataPlane)
    {
        if (!dataPlane.Flag("connected"))
        {
            yield return new Problem("data plane", dataPlane.Text("reason") ?? "is not connected", "is fabric-dp running on this node?");
        }
        else if (dataPlane.Flag("stuck"))
        {
            yield return new Problem(
                "data plane",
                $"has given no sign of life for {dataPlane.Number("silent-seconds")} s: established flows go on, but nothing new is set up",
                "see the log of fabric-dp, and restart it: flows are kept"
            );
        }
        else if (dataPlane.Text("reason") is { } reason)
        {
            yield return new Problem(
                "data plane",
                $"has left out entries of its tables: {reason}",
                "they are not in force: take a support bundle, then restart fabric-agent, which sends all again"
            );
        }
        else if (!dataPlane.Flag("in-sync"))
        {
            yield return new Problem("data plane", "has not applied the latest tables yet", "look again in a second");
        }
    }

    private static IEnumerable<Problem> PortProblems(JsonElement status)
    {
        foreach (var state in status.At("ports") is { } ports ? ports.EnumerateObject().ToList() : [])
        {
            if (state.Name is not ("Active" or "Disabled"))
            {
                yield return new Problem("ports", $"{state.Value} {state.Name.Words()}", "fabric ports shows which");
            }
        }
    }

    private static IEnumerable<Problem> RouteProblems(JsonElement status)
    {
        if (status.Number("unresolved-routes") is > 0 and var unresolved)
        {
            yield return new Problem(
                "routes",
                $"{Count.Of(unresolved, "route")} without a usable next hop",
                "their next hops offer no encapsulation or label that this host can use"
            );
        }
    }
}
