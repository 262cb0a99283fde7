using Fabric.Analytics;
using Fabric.Hosting.Loops;
using Fabric.Streaming;

namespace Fabric.Controller.Streaming;

/// <summary>Listens to a control node on its loops and publishes what happens: sessions, objects, requests, alarms, routes. Publishing never waits.</summary>
internal sealed class ControlStream : IDisposable
{
    private readonly Func<IStreamEvent, bool> _publish;
    private readonly ControlNode _node;
    private readonly AlarmBoard _alarms;
    private readonly NodeBoard _board;

    /// <param name="publish">Takes a row, or counts it as dropped; from any thread, and without waiting.</param>
    public ControlStream(Func<IStreamEvent, bool> publish, ControlNode node, TimeProvider time)
    {
        _publish = publish;
        _node = node;
        _alarms = new AlarmBoard(publish, time);
        var sessions = new SessionRows(publish, _alarms);
        var config = new ConfigRows(publish);
        node.Speaker.SessionChanged = sessions.Changed;
        node.Speaker.Stopped = sessions.Stopped;
        node.Agents.SessionChanged = sessions.Changed;
        node.Agents.WaitsTooLong = sessions.WaitsTooLong;
        node.Config.Requested = config.Requested;
        _board = new NodeBoard(publish, node.Options.Node, "control", node.Routes.Loop, () => NodeState.Of(node));
        node.Routes.Loop.Post(static board => board.Start(), _board);
        node.Config.Loop.Post(static state => state.config.Began(state.node.Config.Service.All), (config, node));
    }

    /// <summary>The node has stopped; on its routing loop.</summary>
    public void Dispose() => _board.Dispose();

    /// <summary>Publishes what becomes of routes, too. Before the node is started.</summary>
    /// <param name="publish">Takes rows of routes.</param>
    /// <param name="room">So many of them will find room, given at once: routes wait instead of being dropped.</param>
    public ControlStream Follow(PublishedRoutes routes, RouteRowsTaker publish, Func<int> room)
    {
        if (routes != PublishedRoutes.Off)
        {
            _node.Routes.Follower = new RouteFollower(_node.Routes, publish, room, isBestOnly: routes == PublishedRoutes.Best);
        }

        return this;
    }

    /// <summary>A loop that hangs is an alarm, told by another thread.</summary>
    public void LoopChanged(LoopWatch watch, bool isStuck) => _alarms.LoopChanged(watch, isStuck);
}
