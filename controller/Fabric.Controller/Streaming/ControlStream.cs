using Fabric.Analytics;
using Fabric.Hosting.Loops;
using Fabric.Stream;

namespace Fabric.Controller.Streaming;

/// <summary>Listens to a control node on its loops and publishes what happens: sessions, objects, requests, alarms. Publishing never waits.</summary>
internal sealed class ControlStream
{
    private readonly AlarmBoard _alarms;

    /// <param name="publish">Takes a row, or counts it as dropped; from any thread, and without waiting.</param>
    public ControlStream(Func<IStreamEvent, bool> publish, ControlNode node, TimeProvider time)
    {
        _alarms = new AlarmBoard(publish, time);
        var sessions = new SessionRows(publish, _alarms);
        var config = new ConfigRows(publish);
        node.Speaker.SessionChanged = sessions.Changed;
        node.Agents.SessionChanged = sessions.Changed;
        node.Config.Requested = config.Requested;
        node.Config.Loop.Post(static state => state.config.Began(state.node.Config.Service.All), (config, node));
    }

    /// <summary>A loop that hangs is an alarm, told by another thread.</summary>
    public void LoopChanged(LoopWatch watch, bool isStuck)
    {
        if (isStuck)
        {
            _alarms.Raise(
                "loop-stuck",
                watch.Name,
                AlarmSeverity.Critical,
                $"the {watch.Name} loop does not run: {watch.Consequence}",
                "take a support bundle, then restart the program"
            );
        }
        else
        {
            _alarms.Clear("loop-stuck", watch.Name, $"the {watch.Name} loop runs again");
        }
    }
}
