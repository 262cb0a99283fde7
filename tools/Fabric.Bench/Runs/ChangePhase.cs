using System.Diagnostics;
using Fabric.Bench.Load;

namespace Fabric.Bench.Runs;

/// <summary>How long one new route takes to every other session: in quiet, and while 20,000 routes a second get another MED.</summary>
internal sealed class ChangePhase(Reflector reflector, RunPlan plan)
{
    private const int SetsPerSecond = 20_000 / RouteTable.RoutesPerSet;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(3);
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_probeLimit = TimeSpan.FromSeconds(10);

    public void Measure(Dictionary<Metric, double> values)
    {
        reflector.Loop.RunFor(plan.Rest);
        MakeInQuiet(0, plan.IdleProbes);
        TakeQuiet(values);
        if (plan.LoadSeconds == 0)
        {
            return;
        }

        UnderLoad();
        var loaded = reflector.Probes.Milliseconds(plan.IdleProbes, plan.Probes);
        values[Metric.LoadMedian] = Percentile(loaded, 0.5);
        values[Metric.LoadTail] = Percentile(loaded, 0.99);
        values[Metric.Lost] = plan.Probes - plan.IdleProbes - loaded.Length;
    }

    /// <summary>Makes some of the changes, each when the one before has come, and a pause has passed.</summary>
    public void MakeInQuiet(int first, int end)
    {
        for (var probe = first; probe < end; probe++)
        {
            Send(probe);
            var sent = probe;
            reflector.Loop.RunUntil(() => reflector.Probes.HasArrived(sent), s_probeLimit, "a change in quiet", isBulk: false);
            reflector.Loop.RunFor(s_pause);
        }
    }

    /// <summary>What those took that were made in quiet.</summary>
    public void TakeQuiet(Dictionary<Metric, double> values)
    {
        var idle = reflector.Probes.Milliseconds(0, plan.IdleProbes);
        values[Metric.IdleMedian] = Percentile(idle, 0.5);
        values[Metric.IdleTail] = Percentile(idle, 0.99);
    }

    /// <summary>The nearest rank of sorted values; without an end where there is none, since every change was lost.</summary>
    internal static double Percentile(double[] sorted, double share) =>
        sorted.Length == 0
            ? double.PositiveInfinity
            : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];

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
                reflector.Loop.Serve(next);
                next = s_tick - (Stopwatch.GetElapsedTime(start) - elapsed);
            } while (next > TimeSpan.Zero);

            reflector.Loop.ThrowIfFaulted();
        }

        var sentAll = Stopwatch.GetTimestamp();
        while (reflector.Probes.Arrived < plan.Probes && Stopwatch.GetElapsedTime(sentAll) < s_probeLimit)
        {
            reflector.Loop.Serve(s_pause);
            reflector.Loop.ThrowIfFaulted();
        }
    }

    private void Change(long number)
    {
        var set = (int)(number % reflector.Table.LoadedSets);
        var sender = reflector.Table.SenderOf(set);
        var length = UpdateEncoder.LengthOf(RouteTable.RoutesPerSet);
        var message = reflector.Tables[sender].AsSpan((set - reflector.Table.SetsOf(sender).First) * length, length).ToArray();
        UpdateEncoder.SetMed(message, RouteTable.LoadedMed + 1 + (uint)(number / reflector.Table.LoadedSets));
        reflector.Loop.Sessions[sender].Send(message);
    }

    private void Send(int probe)
    {
        var set = reflector.Table.LoadedSets + probe;
        var message = new byte[UpdateEncoder.LengthOf(1)];
        UpdateEncoder.WriteSet(message, reflector.Table, set);
        reflector.Probes.Sent(probe, Stopwatch.GetTimestamp());
        reflector.Loop.Sessions[0].Send(message);
    }
}
