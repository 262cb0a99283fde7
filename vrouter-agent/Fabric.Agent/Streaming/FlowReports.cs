using System.Runtime.InteropServices;
using Fabric.Analytics;
using Fabric.Model.Datapath;
using Google.Protobuf;

namespace Fabric.Agent.Streaming;

/// <summary>Reads reports of sessions, and hands their rows on by the hundred. Owned by the agent's loop.</summary>
internal sealed class FlowReports(FlowTranslator translator, FlowRowsTaker taker)
{
    public const int MostRows = 512;

    private readonly FlowRow[] _rows = new FlowRow[MostRows];

    /// <summary>Reports that became rows.</summary>
    public long Count { get; private set; }

    public long Malformed { get; private set; }

    /// <param name="reports">Whole <see cref="FlowReport"/>s, one behind the other.</param>
    public void Take(ByteString reports)
    {
        if (reports.Length % FlowReport.Octets != 0)
        {
            // Where one is cut, the place of the others is in doubt.
            Malformed += (reports.Length / FlowReport.Octets) + 1;
            return;
        }

        var all = MemoryMarshal.Cast<byte, FlowReport>(reports.Span);
        for (; !all.IsEmpty; all = all[Math.Min(MostRows, all.Length)..])
        {
            taker(Translate(all[..Math.Min(MostRows, all.Length)]));
        }
    }

    private ReadOnlySpan<FlowRow> Translate(ReadOnlySpan<FlowReport> reports)
    {
        var count = 0;
        foreach (ref readonly var report in reports)
        {
            if (translator.TryTranslate(report, out _rows[count]))
            {
                count++;
            }
        }

        Count += count;
        Malformed += reports.Length - count;
        return _rows.AsSpan(0, count);
    }
}
