using System.Net;
using Fabric.Agent.Core.Ports;
using Fabric.Agent.Node;
using Fabric.Analytics;
using Fabric.Hosting.Loops;
using Fabric.Model.Datapath;
using Fabric.Runtime;
using Fabric.Streaming;

namespace Fabric.Agent.Streaming;

/// <summary>Listens to an agent on its loop and publishes what happens: flows, drops, sessions, alarms. Publishing never waits.</summary>
internal sealed class AgentStream : IAgentObserver, IDisposable
{
    private const string Established = "Established";

    // A quarter of a second's summaries are at most as many rows as came in that time.
    private static readonly TimeSpan s_summaryTick = TimeSpan.FromMilliseconds(250);

    private readonly IEventLoop _loop;
    private readonly StreamOutlet _outlet;
    private readonly PortNames _ports = new();
    private readonly ReportedNames _names = new();
    private readonly FlowTranslator _flowTranslator;
    private readonly DropTranslator _dropTranslator;
    private readonly FlowReports _reports;
    private readonly SessionSummaries? _summaries;
    private readonly LoopTimer _summaryTimer;
    private readonly LostReports _lost;
    private readonly RecordHold _hold;
    private readonly AgentAlarms _alarms;
    private long _drops;
    private long _refusedNames;

    /// <param name="node">The host's name.</param>
    /// <param name="loop">The agent's.</param>
    /// <param name="outlet">Where rows go.</param>
    /// <param name="summaries">How sessions are summed up; null: each has rows of its own.</param>
    public AgentStream(string node, IEventLoop loop, StreamOutlet outlet, SummaryOptions? summaries = null)
    {
        _loop = loop;
        _outlet = outlet;
        _flowTranslator = new FlowTranslator(_ports, _names);
        _dropTranslator = new DropTranslator(_ports);
        Flows = new FlowPublisher(outlet.PublishFlows);
        _summaries = summaries is null ? null : new SessionSummaries(summaries, Now, Flows.Publish);
        _summaryTimer = new LoopTimer(loop, FlushSummaries);
        _reports = new FlowReports(_flowTranslator, _summaries is null ? Flows.Publish : rows => _summaries.Take(rows, Now));
        _lost = new LostReports(outlet.CountLostFlows);
        _hold = new RecordHold(loop, Publish);
        _alarms = new AgentAlarms(new AlarmBoard(outlet.Publish, loop.Time), node, loop);
    }

    /// <summary>Where all rows of sessions come out.</summary>
    public FlowPublisher Flows { get; }

    private long Now => (_loop.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    public RecordStatistics Statistics() =>
        new()
        {
            Flows = _reports.Count,
            Drops = _drops,
            Malformed = _reports.Malformed + _refusedNames,
            UnknownNames = _flowTranslator.UnknownNames + _dropTranslator.UnknownNames,
            Lost = _lost.Count,
            Unsummed = _summaries?.Unsummed ?? 0,
            EarlySummaries = _summaries?.Early ?? 0,
        };

    /// <summary>From now on data plane and controllers are expected.</summary>
    public void Start()
    {
        _alarms.Start();
        _hold.Start();
        if (_summaries is not null)
        {
            _summaryTimer.Set(s_summaryTick);
        }
    }

    public void BatchSent(Batch batch, IReadOnlyDictionary<string, ActivePort> ports)
    {
        _ports.Take(batch, ports);
        if (batch.EndSnapshot)
        {
            _hold.End();
        }
    }

    public void RecordsReceived(Records records) => _hold.Take(records);

    public void DataPlaneConnected()
    {
        // What is held has the numbers of the connection before.
        _hold.Release();
        _names.Clear();
        _alarms.DataPlaneConnected();
    }

    public void DataPlaneLost(string reason) => _alarms.DataPlaneLost(reason);

    public void DataPlaneStuck(TimeSpan silence) => _alarms.DataPlaneSilent(silence);

    public void DataPlaneRunsAgain() => _alarms.DataPlaneRuns();

    public void ControllerEstablished(string controller)
    {
        _outlet.Publish(Session(controller, "Connecting", Established, ""));
        _alarms.ControllerEstablished(controller);
    }

    public void ControllerDown(string controller, string reason)
    {
        _outlet.Publish(Session(controller, Established, "Closed", reason));
        _alarms.ControllerDown(controller, reason);
    }

    public void LoopChanged(LoopWatch watch, bool isStuck) => _alarms.LoopChanged(watch, isStuck);

    /// <summary>What was summed up so far goes out.</summary>
    public void Dispose()
    {
        _hold.Dispose();
        _summaryTimer.Dispose();
        _summaries?.End(Now);
        _alarms.Dispose();
    }

    private void Publish(Records records)
    {
        _refusedNames += _names.Take(records.Names);
        _reports.Take(records.Flows);
        foreach (var drop in records.Drops)
        {
            _drops++;
            _outlet.Publish(_dropTranslator.Translate(drop));
        }

        _lost.Take(records.FlowsLost);
    }

    private void FlushSummaries()
    {
        _summaries!.Flush(Now);
        _summaryTimer.Set(s_summaryTick);
    }

    private static SessionEvent Session(string controller, string before, string after, string reason) =>
        new()
        {
            Protocol = SessionProtocol.Xmpp,
            Peer = controller,
            PeerAddress = IPEndPoint.TryParse(controller, out var endPoint) ? endPoint.Address.ToString() : "",
            OldState = before,
            NewState = after,
            Established = after == Established,
            Reason = reason,
        };
}
