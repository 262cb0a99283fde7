using System.Diagnostics;
using Fabric.Bench.Candidates;
using Fabric.Bench.Load;

namespace Fabric.Bench.Runs;

/// <summary>
/// A fresh process of one candidate, through all phases of a work: sessions, table in and out, a late joiner, single changes in quiet and
/// under load, withdrawal of everything.
/// </summary>
internal sealed class CandidateRun : IDisposable
{
    // Daemons that hold back what they say to a new session have done so after this.
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_establishLimit = TimeSpan.FromSeconds(60);

    private readonly Dictionary<Metric, double> _values = [];
    private readonly SessionLoop<BgpSession> _loop;
    private readonly CancellationToken _cancellation;
    private readonly Candidate _candidate;
    private readonly Work _work;
    private readonly RunPlan _plan;
    private readonly RouteTable _table;
    private readonly ProbeBoard _probes;
    private readonly byte[][] _tables;
    private readonly CandidateSetup _setup;

    public CandidateRun(Candidate candidate, Work work, RunPlan plan, CancellationToken cancellation)
    {
        _loop = new SessionLoop<BgpSession>(cancellation);
        _cancellation = cancellation;
        _candidate = candidate;
        _work = work;
        _plan = plan;
        _table = new RouteTable(plan.Routes, work.Senders, work.LabelPerRoute, plan.Probes);
        // The sender of the probes is not told of them.
        _probes = new ProbeBoard(plan.Probes, work.Sessions - 1);
        _tables = [.. Enumerable.Range(0, work.Senders).Select(sender => UpdateEncoder.Table(_table, sender))];
        // One more client than there are sessions: the one that joins late.
        _setup = CandidateSetup.Create([
            .. Enumerable.Range(0, work.Sessions + 1).Select(number => LoadSession.AddressOf(RouteTable.SourceOf(number))),
        ]);
    }

    private IEnumerable<BgpSession> Senders => _loop.Sessions.Where(session => session.Number < _work.Senders);

    public RunResult Execute()
    {
        try
        {
            using var daemon = _candidate.Start(_setup);
            try
            {
                // Before the sessions: the process is not to compile its page of metrics while it is measured.
                var collections = _candidate.CountFullCollections(_setup);
                Establish(daemon);
                Load(daemon, collections);
                JoinLate();
                new ChangePhase(_loop, _table, _probes, _plan, _tables).Measure(_values);
                Withdraw();
                CheckContent();
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

    // A daemon that still reads its configuration may end sessions that it has just taken; they come back.
    private void Establish(DaemonProcess daemon)
    {
        var start = Stopwatch.GetTimestamp();
        do
        {
            for (var number = 0; number < _work.Sessions; number++)
            {
                if (_loop.Sessions.All(session => session.Number != number))
                {
                    _loop.Add(Connect(number, daemon));
                }
            }

            Settle();
        } while (_loop.Sessions.Count < _work.Sessions && Stopwatch.GetElapsedTime(start) < s_establishLimit);

        if (_loop.Sessions.Count < _work.Sessions)
        {
            throw new BenchException($"sessions do not stay for {s_settle.TotalSeconds:0} s");
        }

        foreach (var session in _loop.Sessions.Where(session => session.Number >= _work.Senders))
        {
            session.Send(UpdateEncoder.EndOfRib());
        }
    }

    private void Settle()
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_settle)
        {
            _loop.Serve(TimeSpan.FromMilliseconds(20));
            foreach (var session in _loop.Sessions.Where(session => session.Fault is not null).ToList())
            {
                _loop.Remove(session);
                return;
            }
        }
    }

    // A daemon that is just starting closes what comes too early.
    private BgpSession Connect(int number, DaemonProcess? daemon)
    {
        var received = new ReceivedTable(_table, _probes, number < _work.Senders ? number : -1)
        {
            IgnoresProbes = number >= _work.Sessions,
        };
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_establishLimit)
        {
            if (daemon is { HasExited: true })
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

    private void Load(DaemonProcess daemon, int? collections)
    {
        GC.Collect();
        var memory = daemon.Resident;
        var cpu = daemon.CpuSeconds;
        var start = Stopwatch.GetTimestamp();
        foreach (var (session, table) in Senders.Zip(_tables))
        {
            session.Send(table);
        }

        _loop.RunUntil(() => AllHave(_table.Routes), _plan.Limit, "table in and out", isBulk: true);
        var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        // At once: to check the content takes a second, and the daemon goes on.
        _values[Metric.Converge] = elapsed;
        _values[Metric.Cpu] = daemon.CpuSeconds - cpu;
        _values[Metric.PeakMemory] = daemon.PeakResident / 1e6;
        _values[Metric.BytesPerRoute] = (double)(daemon.Resident - memory) / _table.Routes;
        CheckContent();
        if (_candidate.CountFullCollections(_setup) - collections is { } full)
        {
            _values[Metric.FullCollections] = full;
        }

        var received = _loop.Sessions.Select(session => session.Received).ToList();
        _values[Metric.RoutesPerUpdate] =
            (double)received.Sum(table => table.Advertised) / Math.Max(1, received.Sum(table => table.Updates));
        _values[Metric.Repeated] = received.Sum(table => table.Repeated);
        _values[Metric.Echoed] = received.Sum(table => table.Echoed);
        foreach (var session in Senders)
        {
            session.Send(UpdateEncoder.EndOfRib());
        }
    }

    private void JoinLate()
    {
        var session = Connect(_work.Sessions, daemon: null);
        var start = Stopwatch.GetTimestamp();
        _loop.Add(session);
        _loop.RunUntil(() => session.Received.Present == _table.Routes, _plan.Limit, "late joiner", isBulk: true);
        _values[Metric.LateJoin] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        CheckContent();
        _loop.Remove(session);
    }

    private void Withdraw()
    {
        if (!_candidate.WithdrawsVpnRoutes)
        {
            return;
        }

        var withdrawals = Enumerable.Range(0, _work.Senders).Select(sender => UpdateEncoder.Withdrawals(_table, sender)).ToArray();
        GC.Collect();
        var start = Stopwatch.GetTimestamp();
        foreach (var (session, messages) in Senders.Zip(withdrawals))
        {
            session.Send(messages);
        }

        _loop.RunUntil(() => AllHave(0), _plan.Limit, "withdrawal", isBulk: true);
        _values[Metric.Withdraw] = Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    // Each session has that many, less those that it sent itself.
    private bool AllHave(int routes)
    {
        foreach (var session in _loop.Sessions)
        {
            var own = session.Number < _work.Senders ? _table.RoutesOf(session.Number) : 0;
            if (session.Received.Present != Math.Max(0, routes - own))
            {
                return false;
            }
        }

        return true;
    }

    private void CheckContent()
    {
        if (_loop.Sessions.FirstOrDefault(session => session.Received.Wrong > 0) is { } session)
        {
            throw new BenchException(
                $"wrong content, {session.Received.Wrong} times in session {session.Number}; first: {session.Received.FirstFault}"
            );
        }
    }
}
