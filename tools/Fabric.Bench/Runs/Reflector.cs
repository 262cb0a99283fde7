using System.Diagnostics;
using Fabric.Bench.Candidates;
using Fabric.Bench.Load;

namespace Fabric.Bench.Runs;

/// <summary>A fresh process of one candidate, the tool's sessions with it, and what these send and have received.</summary>
internal sealed class Reflector : IDisposable
{
    // Daemons that hold back what they say to a new session have done so after this.
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_establishLimit = TimeSpan.FromSeconds(60);

    private readonly CancellationToken _cancellation;
    private readonly Candidate _candidate;
    private readonly Work _work;
    private readonly RunPlan _plan;
    private readonly CandidateSetup _setup;
    private DaemonProcess? _daemon;

    public Reflector(Candidate candidate, Work work, RunPlan plan, CancellationToken cancellation)
    {
        Loop = new SessionLoop<BgpSession>(cancellation);
        _cancellation = cancellation;
        _candidate = candidate;
        _work = work;
        _plan = plan;
        Table = new RouteTable(plan.Routes, work.Senders, work.LabelPerRoute, plan.Probes);
        // The sender of the probes is not told of them.
        Probes = new ProbeBoard(plan.Probes, work.Sessions - 1);
        Tables = [.. Enumerable.Range(0, work.Senders).Select(sender => UpdateEncoder.Table(Table, sender))];
        // One more client than there are sessions: the one that joins late.
        _setup = CandidateSetup.Create([
            .. Enumerable.Range(0, work.Sessions + 1).Select(number => LoadSession.AddressOf(RouteTable.SourceOf(number))),
        ]);
    }

    public SessionLoop<BgpSession> Loop { get; }

    public RouteTable Table { get; }

    public ProbeBoard Probes { get; }

    /// <summary>The UPDATEs of each sender, encoded.</summary>
    public byte[][] Tables { get; }

    public IEnumerable<BgpSession> Senders => Loop.Sessions.Where(session => session.Number < _work.Senders);

    /// <summary>Starts the process, brings the sessions up, and has the table in and out.</summary>
    /// <param name="values">Gets the figures of that.</param>
    /// <exception cref="BenchException">It does not come so far.</exception>
    public void Start(Dictionary<Metric, double> values)
    {
        _daemon = _candidate.Start(_setup);
        // Before the sessions: the process is not to compile its page of metrics while it is measured.
        var collections = _candidate.CountFullCollections(_setup);
        Establish(_daemon);
        Load(_daemon, collections, values);
    }

    /// <summary>What the process said of itself, beside what failed.</summary>
    public string Explain(string fault) => _daemon?.Explain(fault) ?? fault;

    public void Dispose()
    {
        _daemon?.Dispose();
        foreach (var session in Loop.Sessions)
        {
            session.Dispose();
        }

        Directory.Delete(_setup.Directory, recursive: true);
    }

    /// <summary>One more session, whose OPEN was answered, and which is not served yet.</summary>
    public BgpSession Join() => Connect(_work.Sessions, _daemon!);

    /// <summary>Whether each session has that many, less those that it sent itself.</summary>
    public bool AllHave(int routes)
    {
        foreach (var session in Loop.Sessions)
        {
            var own = session.Number < _work.Senders ? Table.RoutesOf(session.Number) : 0;
            if (session.Received.Present != Math.Max(0, routes - own))
            {
                return false;
            }
        }

        return true;
    }

    /// <exception cref="BenchException">A session was told something else than what was sent.</exception>
    public void CheckContent()
    {
        if (Loop.Sessions.FirstOrDefault(session => session.Received.Wrong > 0) is { } session)
        {
            throw new BenchException(
                $"wrong content, {session.Received.Wrong} times in session {session.Number}; first: {session.Received.FirstFault}"
            );
        }
    }

    // A daemon that still reads its configuration may end sessions that it has just taken; they come back.
    private void Establish(DaemonProcess daemon)
    {
        var start = Stopwatch.GetTimestamp();
        do
        {
            for (var number = 0; number < _work.Sessions; number++)
            {
                if (Loop.Sessions.All(session => session.Number != number))
                {
                    Loop.Add(Connect(number, daemon));
                }
            }

            Settle();
        } while (Loop.Sessions.Count < _work.Sessions && Stopwatch.GetElapsedTime(start) < s_establishLimit);

        if (Loop.Sessions.Count < _work.Sessions)
        {
            throw new BenchException($"sessions do not stay for {s_settle.TotalSeconds:0} s");
        }

        foreach (var session in Loop.Sessions.Where(session => session.Number >= _work.Senders))
        {
            session.Send(UpdateEncoder.EndOfRib());
        }
    }

    private void Settle()
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_settle)
        {
            Loop.Serve(TimeSpan.FromMilliseconds(20));
            foreach (var session in Loop.Sessions.Where(session => session.Fault is not null).ToList())
            {
                Loop.Remove(session);
                return;
            }
        }
    }

    // A daemon that is just starting closes what comes too early.
    private BgpSession Connect(int number, DaemonProcess daemon)
    {
        var received = new ReceivedTable(Table, Probes, number < _work.Senders ? number : -1) { IgnoresProbes = number >= _work.Sessions };
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_establishLimit)
        {
            if (daemon.HasExited)
            {
                throw new BenchException("it ended before a session was up");
            }

            if (BgpSession.TryConnect(number, _setup.Listen, received) is { } session)
            {
                if (Opens(session))
                {
                    return session;
                }

                session.Dispose();
            }

            Thread.Sleep(20);
        }

        throw new BenchException($"session {number} is not established after {s_establishLimit.TotalSeconds:0} s");
    }

    private bool Opens(BgpSession session)
    {
        var own = new SessionLoop<BgpSession>(_cancellation);
        own.Add(session);
        var start = Stopwatch.GetTimestamp();
        while (!session.IsEstablished && session.Fault is null && Stopwatch.GetElapsedTime(start) < s_establishLimit)
        {
            own.Serve(TimeSpan.FromMilliseconds(5));
        }

        return session.IsEstablished;
    }

    private void Load(DaemonProcess daemon, int? collections, Dictionary<Metric, double> values)
    {
        GC.Collect();
        var memory = daemon.Resident;
        var cpu = daemon.CpuSeconds;
        var ownCpu = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        foreach (var (session, table) in Senders.Zip(Tables))
        {
            session.Send(table);
        }

        Loop.RunUntil(() => AllHave(Table.Routes), _plan.Limit, "table in and out", isBulk: true);
        var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        // At once: to check the content takes a second, and the daemon goes on.
        values[Metric.Converge] = elapsed;
        values[Metric.Cpu] = daemon.CpuSeconds - cpu;
        values[Metric.ToolCpu] = (Environment.CpuUsage.TotalTime - ownCpu).TotalSeconds;
        values[Metric.PeakMemory] = daemon.PeakResident / 1e6;
        values[Metric.BytesPerRoute] = (double)(daemon.Resident - memory) / Table.Routes;
        CheckContent();
        if (_candidate.CountFullCollections(_setup) - collections is { } full)
        {
            values[Metric.FullCollections] = full;
        }

        var received = Loop.Sessions.Select(session => session.Received).ToList();
        values[Metric.RoutesPerUpdate] =
            (double)received.Sum(table => table.Advertised) / Math.Max(1, received.Sum(table => table.Updates));
        values[Metric.Repeated] = received.Sum(table => table.Repeated);
        values[Metric.Echoed] = received.Sum(table => table.Echoed);
        foreach (var session in Senders)
        {
            session.Send(UpdateEncoder.EndOfRib());
        }
    }
}
