using Fabric.Analytics;
using Fabric.Hosting.Loops;
using Fabric.Runtime;
using Fabric.Streaming;

namespace Fabric.Agent.Streaming;

/// <summary>
/// What is wrong at a host, as alarms. What a restart of the other side mends by itself is an alarm only when it lasts. Owned by the agent's loop, but for
/// <see cref="LoopChanged"/>.
/// </summary>
internal sealed class AgentAlarms : IDisposable
{
    /// <summary>A data plane restarts in less.</summary>
    public static readonly TimeSpan DataPlanePatience = TimeSpan.FromSeconds(8);

    /// <summary>A controller restarts in less.</summary>
    public static readonly TimeSpan ControllerPatience = TimeSpan.FromSeconds(15);

    private const string DataPlaneAway = "data-plane-away";
    private const string DataPlaneStuck = "data-plane-stuck";
    private const string ControllersAway = "controllers-away";

    private readonly AlarmBoard _board;
    private readonly string _node;
    private readonly LoopTimer _dataPlaneTimer;
    private readonly LoopTimer _controllerTimer;
    private readonly HashSet<string> _established = [];
    private string _dataPlaneReason = "there has been no connection yet";
    private string _controllerReason = "no session has been established yet";

    public AgentAlarms(AlarmBoard board, string node, IEventLoop loop)
    {
        _board = board;
        _node = node;
        _dataPlaneTimer = new LoopTimer(loop, RaiseDataPlaneAway);
        _controllerTimer = new LoopTimer(loop, RaiseControllersAway);
    }

    /// <summary>From now on data plane and controllers are expected.</summary>
    public void Start()
    {
        _dataPlaneTimer.Set(DataPlanePatience);
        _controllerTimer.Set(ControllerPatience);
    }

    public void DataPlaneConnected()
    {
        _dataPlaneTimer.Cancel();
        _board.Clear(DataPlaneAway, _node, "the data plane is connected");
    }

    public void DataPlaneLost(string reason)
    {
        _dataPlaneReason = reason;
        // Who is not there is not stuck.
        _board.Clear(DataPlaneStuck, _node, $"the connection to the data plane ended: {reason}");
        if (!_dataPlaneTimer.IsSet)
        {
            _dataPlaneTimer.Set(DataPlanePatience);
        }
    }

    public void DataPlaneSilent(TimeSpan silence) =>
        _board.Raise(
            DataPlaneStuck,
            _node,
            AlarmSeverity.Critical,
            $"the data plane has given no sign of life for {silence.TotalSeconds:F0} s: established flows go on, but no new flow is set up and no table is taken",
            "take a support bundle on that host, then restart fabric-dp"
        );

    public void DataPlaneRuns() => _board.Clear(DataPlaneStuck, _node, "the data plane runs again");

    public void ControllerEstablished(string controller)
    {
        _established.Add(controller);
        _controllerTimer.Cancel();
        _board.Clear(ControllersAway, _node, $"the session with controller {controller} is established");
    }

    public void ControllerDown(string controller, string reason)
    {
        _controllerReason = $"{controller}: {reason}";
        if (_established.Remove(controller) && _established.Count == 0)
        {
            _controllerTimer.Set(ControllerPatience);
        }
    }

    /// <summary>A loop that hangs is an alarm, told by another thread.</summary>
    public void LoopChanged(LoopWatch watch, bool isStuck) => _board.LoopChanged(watch, isStuck);

    public void Dispose()
    {
        _dataPlaneTimer.Dispose();
        _controllerTimer.Dispose();
    }

    private void RaiseDataPlaneAway() =>
        _board.Raise(
            DataPlaneAway,
            _node,
            AlarmSeverity.Critical,
            $"the data plane is not connected: {_dataPlaneReason}. It goes on with the tables that it has, and takes no others",
            "see whether fabric-dp runs on that host, and its log"
        );

    private void RaiseControllersAway() =>
        _board.Raise(
            ControllersAway,
            _node,
            AlarmSeverity.Critical,
            $"no controller has a session with this host: {_controllerReason}. Forwarding goes on with what is known",
            "fabric status on that host tells why each controller's session is down"
        );
}
