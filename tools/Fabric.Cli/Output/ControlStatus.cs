using System.Text.Json;
using Fabric.Cli.Nodes;

namespace Fabric.Cli.Output;

/// <summary>Reads a control node's /inspect/status.</summary>
internal static class ControlStatus
{
    private const string Established = "Established";

    public static ProgramStatus Of(string node, JsonElement status)
    {
        List<JsonElement> neighbors = [.. status.Items("neighbors")];
        List<JsonElement> agents = [.. status.Items("agents")];
        return new ProgramStatus(
            node,
            NodeRole.Control,
            status,
            $"{status.Text("router-id")}, AS {status.Text("as")}, configuration revision {status.Text("config-revision")}, "
                + $"{Count.Of(status.Number("vrfs"), "VRF")}, {Count.Of(status.Number("vpn-routes"), "VPN route")}",
            [.. neighbors.Select(Neighbor), .. agents.Select(Agent)],
            [.. neighbors.SelectMany(one => Problems(one, "neighbour")), .. agents.SelectMany(one => Problems(one, "agent"))]
        );
    }

    private static SessionLine Neighbor(JsonElement neighbor) =>
        new(
            "BGP",
            $"{neighbor.Text("name")} ({neighbor.Text("address")}, AS {neighbor.Text("as")})",
            neighbor.Text("state") ?? "-",
            neighbor.At("established-seconds") is { } seconds ? Duration.Of(TimeSpan.FromSeconds(seconds.GetInt64())) : null,
            $"{neighbor.Joined("families", " ")}, received {neighbor.Text("routes-received")}, sent {neighbor.Text("routes-sent")}"
        );

    private static SessionLine Agent(JsonElement agent) =>
        new(
            "XMPP",
            $"{agent.Text("name")} ({agent.Text("address")})",
            agent.Text("state") ?? "-",
            Up: null,
            $"subscribed to {Count.Of(agent.Items("vrfs").Count(), "VRF")}"
        );

    private static IEnumerable<Problem> Problems(JsonElement peer, string kind)
    {
        var subject = $"{kind} {peer.Text("name")}";
        if (peer.Text("state") != Established)
        {
            yield return new Problem(subject, peer.Text("reason") ?? $"is {peer.Text("state")}", peer.Text("hint"));
        }

        if (peer.Items("waiting-vrfs").ToList() is { Count: > 0 } waiting)
        {
            yield return new Problem(
                subject,
                $"asks for {Count.Of(waiting.Count, "VRF")} in which its host has no port: {peer.Joined("waiting-vrfs", ", ")}",
                "it is told nothing of it; bind a port to the host if it belongs there, else see what asks on that host"
            );
        }

        if (peer.Flag("restarting"))
        {
            yield return new Problem(
                subject,
                "is restarting: its routes are kept as stale",
                "they go at its End-of-RIB, or when its restart time is over"
            );
        }
    }
}
