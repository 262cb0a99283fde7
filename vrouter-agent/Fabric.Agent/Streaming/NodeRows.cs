using Fabric.Agent.Inspection;
using Fabric.Analytics;
using Fabric.Runtime;
using Fabric.Stream;
using Google.Protobuf.WellKnownTypes;

namespace Fabric.Agent.Streaming;

/// <summary>The host's own state in fabric.objects. Looked at on the agent's loop, so that a flood of changes is one row.</summary>
internal sealed class NodeRows : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    private readonly Func<AgentStatus> _status;
    private readonly NodeBoard _board;
    private readonly LoopTimer _timer;

    /// <param name="status">How the agent is, asked on its loop.</param>
    public NodeRows(Func<IStreamEvent, bool> publish, string node, IEventLoop loop, Func<AgentStatus> status)
    {
        _status = status;
        _board = new NodeBoard(publish, node, "agent");
        _timer = new LoopTimer(loop, Look);
    }

    public void Start() => Look();

    /// <summary>The agent has stopped; on its loop.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        _board.Ended();
    }

    private void Look()
    {
        var status = _status();
        _board.Tell(
            new Dictionary<string, Value>
            {
                ["address"] = Value.ForString(status.Address),
                ["complete"] = Value.ForBool(status.Complete),
                ["controllers"] = NodeBoard.Names(
                    status
                        .Controllers.Where(static controller => controller.EstablishedAt is not null)
                        .Select(static controller => controller.EndPoint)
                ),
                ["data-plane"] = Value.ForString(
                    status.DataPlane.Stuck ? "stuck"
                    : !status.DataPlane.Connected ? "away"
                    : status.DataPlane.InSync ? "in sync"
                    : "behind"
                ),
                ["ports"] = Value.ForNumber(status.Ports.Values.Sum()),
                ["ports-active"] = Value.ForNumber(status.Ports.GetValueOrDefault("Active")),
                ["vrfs"] = Value.ForNumber(status.Vrfs),
            }
        );
        _timer.Set(s_interval);
    }
}
