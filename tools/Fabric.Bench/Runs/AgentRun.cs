using System.Diagnostics;
using Fabric.Bench.Candidates;
using Fabric.Bench.Load;

namespace Fabric.Bench.Runs;

/// <summary>
/// A fresh control node with 1000 VRFs and 200 agents in them, and one BGP sender: its routes are imported by route target, and every agent gets
/// all routes of its VRFs.
/// </summary>
internal sealed class AgentRun : IDisposable
{
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_connectLimit = TimeSpan.FromSeconds(60);

    private readonly Dictionary<Metric, double> _values = [];
    private readonly SessionLoop<LoadSession> _loop;
    private readonly FabricControl _candidate;
    private readonly RunPlan _plan;
    private readonly RouteTable _table;
    private readonly AgentTables _agents;
    private readonly CandidateSetup _setup;

    public AgentRun(FabricControl candidate, RunPlan plan, CancellationToken cancellation)
    {
        _loop = new SessionLoop<LoadSession>(cancellation);
        _candidate = candidate;
        _plan = plan;
        _table = new RouteTable(plan.Routes, senders: 1, labelPerRoute: false, probes: 0, AgentPlan.Targets);
        _agents = new AgentTables(_table);
        _setup = CandidateSetup.Create([LoadSession.AddressOf(RouteTable.SourceOf(0))]);
    }

    public RunResult Execute()
    {
        try
        {
            using var daemon = _candidate.Start(_setup);
            try
            {
                // Before the clock starts: the process is not to compile its page of metrics while it is measured.
                var collections = _candidate.CountFullCollections(_setup);
                ApplyNetworks();
                var agents = Enumerable.Range(0, AgentPlan.Agents).Select(Connect).ToList();
                agents.ForEach(agent => agent.Subscribe());
                var sender = Connect();
                _loop.RunFor(s_settle);
                Load(daemon, sender, collections);
                return new RunResult(_values, null);
            }
            catch (BenchException exception)
            {
                return new RunResult(_values, daemon.Explain(exception.Message));
            }
        }
        catch (BenchException exception)
        {
            return new RunResult(_values, exception.Message);
        }
    }

    public void Dispose()
    {
        foreach (var session in _loop.Sessions)
        {
            session.Dispose();
        }

        Directory.Delete(_setup.Directory, recursive: true);
    }

    private void ApplyNetworks()
    {
        using var api = FabricControl.ApiOf(_setup);
        try
        {
            api.Apply(Enumerable.Range(0, AgentPlan.Vrfs).SelectMany(AgentPlan.ObjectsOf));
        }
        catch (HttpRequestException exception)
        {
            throw new BenchException($"fabric-control does not take its networks: {exception.Message}", exception);
        }
    }

    private AgentSession Connect(int number)
    {
        var session =
            AgentSession.TryConnect(number, FabricControl.AgentsOf(_setup), _agents)
            ?? throw new BenchException($"nobody listens for agents at {FabricControl.AgentsOf(_setup)}");
        _loop.Add(session);
        _loop.RunUntil(() => session.IsOpen, s_connectLimit, $"stream of agent {number}", isBulk: false);
        return session;
    }

    private BgpSession Connect()
    {
        var received = new ReceivedTable(_table, new ProbeBoard(0, 0), ownSender: 0);
        var session =
            BgpSession.TryConnect(0, _setup.Listen, received) ?? throw new BenchException($"nobody listens for BGP at {_setup.Listen}");
        _loop.Add(session);
        _loop.RunUntil(() => session.IsEstablished, s_connectLimit, "the sender's session", isBulk: false);
        return session;
    }

    private void Load(DaemonProcess daemon, BgpSession sender, int? collections)
    {
        var table = UpdateEncoder.Table(_table, 0);
        GC.Collect();
        var memory = daemon.Resident;
        var cpu = daemon.CpuSeconds;
        var ownCpu = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        sender.Send(table);
        _loop.RunUntil(HaveAll, _plan.Limit, "tables of all agents", isBulk: true);
        _values[Metric.Converge] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        _values[Metric.Cpu] = daemon.CpuSeconds - cpu;
        _values[Metric.ToolCpu] = (Environment.CpuUsage.TotalTime - ownCpu).TotalSeconds;
        _values[Metric.PeakMemory] = daemon.PeakResident / 1e6;
        _values[Metric.BytesPerRoute] = (double)(daemon.Resident - memory) / (_table.Routes + _agents.Imported);
        if (_candidate.CountFullCollections(_setup) - collections is { } full)
        {
            _values[Metric.FullCollections] = full;
        }

        _values[Metric.Items] = _agents.Present;
        _values[Metric.Repeated] = _agents.Repeated;
    }

    // Wrong content ends the run at once: the routes would never be complete.
    private bool HaveAll() =>
        _agents.Wrong == 0
            ? _agents.Present == _agents.Wanted
            : throw new BenchException($"wrong content, {_agents.Wrong} times; first: {_agents.FirstFault}");
}
