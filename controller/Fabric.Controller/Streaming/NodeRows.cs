using Fabric.Analytics;
using Fabric.Runtime;
using Fabric.Stream;
using Google.Protobuf.WellKnownTypes;

namespace Fabric.Controller.Streaming;

/// <summary>The control node's own state in fabric.objects. Looked at on the routing loop, so that a flood of changes is one row.</summary>
internal sealed class NodeRows : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly ControlNode _node;
    private readonly NodeBoard _board;
    private readonly LoopTimer _timer;

    public NodeRows(Func<IStreamEvent, bool> publish, ControlNode node)
    {
        _node = node;
        _board = new NodeBoard(publish, node.Options.Node, "control");
        _timer = new LoopTimer(node.Routes.Loop, Look);
        node.Routes.Loop.Post(static rows => rows.Look(), this);
    }

    /// <summary>The node has stopped; on its routing loop.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        _board.Ended();
    }

    private void Look()
    {
        var neighbors = _node.Speaker.Neighbors.Where(static neighbor => !neighbor.Intent.Settings.AdminDown).ToList();
        var agents = _node.Agents.Agents.Select(static state => state.Agent).ToList();
        _board.Tell(
            new Dictionary<string, Value>
            {
                ["router-id"] = Value.ForString(_node.Options.RouterId.ToString()),
                ["as"] = Value.ForNumber(_node.Options.As.Value),
                ["config-revision"] = Value.ForNumber(_node.Revision),
                ["vrfs"] = Value.ForNumber(_node.Routes.Core.Vrfs.Count(static vrf => vrf.Definition is not null)),
                ["neighbors"] = Value.ForNumber(neighbors.Count),
                ["neighbors-down"] = NodeBoard.Names(
                    neighbors
                        .Where(static neighbor => neighbor.Peer.State != Fabric.Bgp.SessionState.Established)
                        .Select(static neighbor => neighbor.Intent.Name)
                ),
                ["agents"] = Value.ForNumber(agents.Count),
                ["agents-away"] = NodeBoard.Names(agents.Where(static agent => !agent.IsEstablished).Select(static agent => agent.Name)),
            }
        );
        _timer.Set(Interval);
    }
}
