using System.Diagnostics;

namespace Fabric.Bench.Streaming;

/// <summary>Reports at a rate into a host's agent, until they have all become rows where they are to arrive.</summary>
internal sealed class RowLoad(HostUnderTest host, StreamTarget target, CancellationToken cancellation)
{
    private const double WarmUpShare = 0.25;
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_warmUpTime = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>A quarter of the goal for some seconds, so that programs that have just started are not measured while their code is still being compiled.</summary>
    public void WarmUp() => Run(target.Goal * WarmUpShare, () => cancellation.WaitHandle.WaitOne(s_warmUpTime));

    /// <summary>Offers a rate while <paramref name="meanwhile"/> runs, which begins when the load has run for a second.</summary>
    /// <returns>Rows a second that arrived meanwhile, the shares of a core that were used, and what was lost in the end.</returns>
    public RowLoadFigures Run(double rate, Action meanwhile)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var before = host.Figures();
        var offering = host.OfferAsync(rate, stop.Token);
        try
        {
            cancellation.WaitHandle.WaitOne(s_settling);
            var first = Read();
            meanwhile();
            var last = Read();
            stop.Cancel();
            var offered = offering.GetAwaiter().GetResult();
            cancellation.ThrowIfCancellationRequested();
            Drain(before.Published + offered.Count);
            var seconds = Stopwatch.GetElapsedTime(first.Timestamp, last.Timestamp).TotalSeconds;
            return new RowLoadFigures(
                offered.Count,
                (last.Arrived - first.Arrived) / seconds,
                offered.Count / offered.Seconds,
                before.Published + offered.Count - host.Figures().Published,
                (last.Agent - first.Agent) / seconds,
                (last.Broker - first.Broker) / seconds,
                offered.ProcessorSeconds / offered.Seconds
            );
        }
        finally
        {
            stop.Cancel();
        }
    }

    private (long Arrived, double Agent, double Broker, long Timestamp) Read()
    {
        var before = Stopwatch.GetTimestamp();
        var arrived = target.Arrived(host.Figures());
        var after = Stopwatch.GetTimestamp();
        return (arrived, host.Agent.CpuSeconds, host.Broker?.CpuSeconds ?? 0, before + ((after - before) / 2));
    }

    // Until all has arrived, or nothing more comes.
    private void Drain(long rows)
    {
        var progress = Stopwatch.GetTimestamp();
        var figures = host.Figures();
        while (figures.Published < rows || !target.HasAll(figures))
        {
            cancellation.WaitHandle.WaitOne(20);
            cancellation.ThrowIfCancellationRequested();
            var now = host.Figures();
            if (now != figures)
            {
                progress = Stopwatch.GetTimestamp();
            }
            else if (Stopwatch.GetElapsedTime(progress) > s_patience)
            {
                if (!target.HasAll(now))
                {
                    throw new BenchException($"{now.Last - now.Acknowledged} rows are not acknowledged, and no more are");
                }

                return;
            }

            figures = now;
        }
    }
}
