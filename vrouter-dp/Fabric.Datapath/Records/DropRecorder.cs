using Fabric.Datapath.Shared;
using Fabric.Model.Datapath;

namespace Fabric.Datapath;

/// <summary>
/// Reports drops: each second, by how much the counter of an interface and reason rose, whoever dropped the packets, and one of those that a
/// worker did. The first worker's alone. Sums that are not reported yet stay in the counters, so none is lost while nobody takes them.
/// </summary>
public sealed class DropRecorder
{
    /// <summary>Reports of interfaces in a second; what has no room waits for the next.</summary>
    public const int MostOfSecond = 192;

    private const long IntervalMilliseconds = 1_000;

    private sealed class VifDrops(uint vif)
    {
        public uint Vif { get; } = vif;

        /// <summary>By reason, as far as it was reported.</summary>
        public ulong[] Reported { get; } = new ulong[DropLog.ReasonCount];

        public bool IsGone { get; set; }
    }

    private readonly SharedMemory memory;
    private readonly DatapathTables tables;
    private readonly DropLog drops;
    private readonly List<VifDrops> vifs = [];
    private readonly HashSet<uint> known = [];
    private readonly long[] totals = new long[DropLog.ReasonCount];

    // Packets of no interface, by reason: all that were dropped, less those that were reported for one.
    private readonly long[] rest = new long[DropLog.ReasonCount];
    private readonly List<DropSamples> samples = [];
    private long due;
    private int first;

    internal DropRecorder(SharedMemory memory, DatapathTables tables, DropLog drops)
    {
        this.memory = memory;
        this.tables = tables;
        this.drops = drops;
    }

    /// <summary>What waits for the agent; whoever sends it clears it. Nothing is added while something is there.</summary>
    public List<DropReport> Reports { get; } = [];

    /// <summary>Counts from here on.</summary>
    internal void Begin(long nowMilliseconds)
    {
        samples.ForEach(static worker => worker.Begin());
        due = nowMilliseconds + IntervalMilliseconds;
        drops.Totals.CopyTo(totals);
        for (uint vif = 0; memory.Vifs.Has(vif); vif++)
        {
            if (CountersOf(vif).ContainsAnyExcept(0ul))
            {
                CountersOf(vif).CopyTo(Add(vif).Reported);
            }
        }

        AddNewVifs();
    }

    /// <summary>A worker's samples, before anything is recorded.</summary>
    internal DropSamples AddWorker()
    {
        var ofWorker = new DropSamples();
        samples.Add(ofWorker);
        return ofWorker;
    }

    /// <summary>Reports what was dropped since the last time, when a second has gone since and that was taken.</summary>
    /// <param name="nowMilliseconds">The time.</param>
    /// <param name="time">The same in microseconds since 1970.</param>
    internal void Run(long nowMilliseconds, long time)
    {
        if (nowMilliseconds < due || Reports.Count > 0)
        {
            return;
        }

        due = nowMilliseconds + IntervalMilliseconds;
        CountTotals();
        AddNewVifs();
        Span<long> waiting = stackalloc long[DropLog.ReasonCount];
        waiting.Clear();
        ReportVifs(time, waiting);
        for (var reason = 1; reason < rest.Length; reason++)
        {
            if (rest[reason] - waiting[reason] is var packets and > 0)
            {
                rest[reason] -= packets;
                Report(FlowReport.NoVif, (DropReason)reason, (ulong)packets, time);
            }
        }
    }

    private void AddNewVifs()
    {
        foreach (var vif in tables.Vifs)
        {
            if (!known.Contains(vif.Id))
            {
                Add(vif.Id);
            }
        }
    }

    private void CountTotals()
    {
        var now = drops.Totals;
        for (var reason = 0; reason < totals.Length; reason++)
        {
            rest[reason] += now[reason] - totals[reason];
            totals[reason] = now[reason];
        }
    }

    // The next second begins with the interface that had no room in this one.
    private void ReportVifs(long time, Span<long> waiting)
    {
        var count = vifs.Count;
        var next = first;
        for (var i = 0; i < count; i++)
        {
            var place = (first + i) % count;
            var hadRoom = Reports.Count < MostOfSecond;
            Report(vifs[place], time, waiting);
            next = hadRoom && Reports.Count == MostOfSecond ? place : next;
        }

        if (vifs.RemoveAll(v => v.IsGone && known.Remove(v.Vif)) > 0)
        {
            next = 0;
        }

        first = next;
    }

    private void Report(VifDrops vif, long time, Span<long> waiting)
    {
        var counters = CountersOf(vif.Vif);
        vif.IsGone = tables.Vif(vif.Vif) is null && !tables.AwaitsSnapshot;
        for (var reason = 1; reason < counters.Length; reason++)
        {
            // Another interface with the same number counts from zero.
            ref var reported = ref vif.Reported[reason];
            reported = reported > counters[reason] ? 0 : reported;
            var packets = counters[reason] - reported;
            if (packets == 0)
            {
                continue;
            }

            if (Reports.Count == MostOfSecond)
            {
                waiting[reason] += (long)packets;
                vif.IsGone = false;
                continue;
            }

            reported += packets;
            rest[reason] -= (long)packets;
            Report(vif.Vif, (DropReason)reason, packets, time);
        }
    }

    private void Report(uint vif, DropReason reason, ulong packets, long time)
    {
        var report = new DropReport
        {
            Time = (ulong)time,
            Reason = DropReasonNames.Of(reason),
            Packets = packets,
        };
        if (vif != FlowReport.NoVif)
        {
            report.Vif = vif;
        }

        foreach (var ofWorker in samples)
        {
            ofWorker.Describe(report, vif, reason);
        }

        Reports.Add(report);
    }

    private VifDrops Add(uint vif)
    {
        var added = new VifDrops(vif);
        vifs.Add(added);
        known.Add(vif);
        return added;
    }

    private ReadOnlySpan<ulong> CountersOf(uint vif) =>
        memory.VifDrops.Span.Slice((int)vif * SharedSizes.ReasonsOfVif, DropLog.ReasonCount);
}
