using System.Diagnostics;
using Fabric.Bench.Load;

namespace Fabric.Bench.Runs;

/// <summary>How long one new route takes to every other session: in quiet, and while 20,000 routes a second get another MED.</summary>
internal sealed class ChangePhase(SessionLoop<BgpSession> loop, RouteTable table, ProbeBoard probes, RunPlan plan, byte[][] tables)
{
    private const int SetsPerSecond = 20_000 / RouteTable.RoutesPerSet;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(3);
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_probeLimit = TimeSpan.FromSeconds(10);

    public void Measure(Dictionary<Metric, double> values)
    {
        loop.RunFor(plan.Rest);
        Idle();
        var idle = probes.Milliseconds(0, plan.IdleProbes);
        values[Metric.IdleMedian] = Percentile(idle, 0.5);
        values[Metric.IdleTail] = Percentile(idle, 0.99);
        if (plan.LoadSeconds == 0)
        {
            return;
        }

        UnderLoad();
        var loaded = probes.Milliseconds(plan.IdleProbes, plan.Probes);
        values[Metric.LoadMedian] = Percentile(loaded, 0.5);
        values[Metric.LoadTail] = Percentile(loaded, 0.99);
        values[Metric.Lost] = plan.Probes - plan.IdleProbes - loaded.Length;
    }

    /// <summary>The nearest rank of sorted values.</summary>
    internal static double Percentile(double[] sorted, double share) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];

    private void Idle()
    {
        for (var probe = 0; probe < plan.IdleProbes; probe++)
        {
            Send(probe);
            var sent = probe;
            loop.RunUntil(() => probes.HasArrived(sent), s_probeLimit, "a change in quiet", isBulk: false);
            loop.RunFor(s_pause);
        }
    }

    // Open loop: what is due is sent, whatever has come back.
    private void UnderLoad()
    {
        var probe = plan.IdleProbes;
        var sets = 0L;
        var start = Stopwatch.GetTimestamp();
        while (probe < plan.Probes)
        {
            var elapsed = Stopwatch.GetElapsedTime(start);
            for (var due = (long)(elapsed.TotalSeconds * SetsPerSecond); sets < due; sets++)
            {
                Change(sets);
            }

            if (elapsed.TotalSeconds * RunPlan.ProbesPerSecond >= probe - plan.IdleProbes + 1)
            {
                Send(probe++);
            }

            var next = s_tick - (Stopwatch.GetElapsedTime(start) - elapsed);
            do
            {
                loop.Serve(next);
                next = s_tick - (Stopwatch.GetElapsedTime(start) - elapsed);
            } while (next > TimeSpan.Zero);

            loop.ThrowIfFaulted();
        }

        var sentAll = Stopwatch.GetTimestamp();
        while (probes.Arrived < plan.Probes && Stopwatch.GetElapsedTime(sentAll) < s_probeLimit)
        {
            loop.Serve(s_pause);
            loop.ThrowIfFaulted();
        }
    }

    private void Change(long number)
    {
        var set = (int)(number % table.LoadedSets);
        var sender = table.SenderOf(set);
        var length = UpdateEncoder.LengthOf(RouteTable.RoutesPerSet);
        var message = tables[sender].AsSpan((set - table.SetsOf(sender).First) * length, length).ToArray();
        UpdateEncoder.SetMed(message, RouteTable.LoadedMed + 1 + (uint)(number / table.LoadedSets));
        loop.Sessions[sender].Send(message);
    }

    private void Send(int probe)
    {
        var set = table.LoadedSets + probe;
        var message = new byte[UpdateEncoder.LengthOf(1)];
        UpdateEncoder.WriteSet(message, table, set);
        probes.Sent(probe, Stopwatch.GetTimestamp());
        loop.Sessions[0].Send(message);
    }
}
