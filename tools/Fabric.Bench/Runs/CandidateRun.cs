using System.Diagnostics;
using Fabric.Bench.Candidates;
using Fabric.Bench.Load;

namespace Fabric.Bench.Runs;

/// <summary>
/// A fresh process of one candidate, through all phases of a work: sessions, table in and out, a late joiner, single changes in quiet and
/// under load, withdrawal of everything.
/// </summary>
internal sealed class CandidateRun(Candidate candidate, Work work, RunPlan plan, CancellationToken cancellation) : IDisposable
{
    private readonly Dictionary<Metric, double> _values = [];
    private readonly Reflector _reflector = new(candidate, work, plan, cancellation);

    public RunResult Execute()
    {
        try
        {
            _reflector.Start(_values);
            JoinLate();
            new ChangePhase(_reflector, plan).Measure(_values);
            Withdraw();
            _reflector.CheckContent();
            return new RunResult(_values, null);
        }
        catch (BenchException exception)
        {
            return new RunResult(_values, _reflector.Explain(exception.Message));
        }
    }

    public void Dispose() => _reflector.Dispose();

    private void JoinLate()
    {
        var session = _reflector.Join();
        var start = Stopwatch.GetTimestamp();
        _reflector.Loop.Add(session);
        _reflector.Loop.RunUntil(() => session.Received.Present == _reflector.Table.Routes, plan.Limit, "late joiner", isBulk: true);
        _values[Metric.LateJoin] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        _reflector.CheckContent();
        _reflector.Loop.Remove(session);
    }

    private void Withdraw()
    {
        if (!candidate.WithdrawsVpnRoutes)
        {
            return;
        }

        var withdrawals = Enumerable.Range(0, work.Senders).Select(sender => UpdateEncoder.Withdrawals(_reflector.Table, sender)).ToArray();
        GC.Collect();
        var start = Stopwatch.GetTimestamp();
        foreach (var (session, messages) in _reflector.Senders.Zip(withdrawals))
        {
            session.Send(messages);
        }

        _reflector.Loop.RunUntil(() => _reflector.AllHave(0), plan.Limit, "withdrawal", isBulk: true);
        _values[Metric.Withdraw] = Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
