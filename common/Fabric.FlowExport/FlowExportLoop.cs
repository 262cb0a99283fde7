using System.Threading.Channels;
using Fabric.Analytics;

namespace Fabric.FlowExport;

/// <summary>What the export's one thread does, without it and without sockets: takes rows out of the queue and tells exporters what is new in them.</summary>
internal sealed class FlowExportLoop
{
    private readonly FlowExportOptions _options;
    private readonly IFlowExporter[] _exporters;
    private readonly SessionLedger _sessions;
    private readonly Channel<FlowRow> _rows;
    private long _dropped;
    private long _exported;
    private long _sessionCount;

    /// <param name="begun">Microseconds since 1970.</param>
    public FlowExportLoop(FlowExportOptions options, IReadOnlyList<IFlowExporter> exporters, long begun)
    {
        _options = options;
        _exporters = [.. exporters];
        _sessions = new SessionLedger(options.SessionCapacity, begun);
        _rows = Channel.CreateBounded<FlowRow>(new BoundedChannelOptions(options.RowCapacity) { SingleReader = true });
    }

    public long Rows => Interlocked.Read(ref _exported);

    public long Dropped => Interlocked.Read(ref _dropped);

    public long Sessions => Interlocked.Read(ref _sessionCount);

    /// <summary>From any thread; never waits.</summary>
    /// <returns>How many rows, from the first on, found room.</returns>
    public int Add(ReadOnlySpan<FlowRow> rows)
    {
        var taken = 0;
        while (taken < rows.Length && _rows.Writer.TryWrite(rows[taken]))
        {
            taken++;
        }

        if (taken < rows.Length)
        {
            Interlocked.Add(ref _dropped, rows.Length - taken);
        }

        return taken;
    }

    /// <summary>Tells what waits, a queue's worth at most.</summary>
    /// <param name="now">Microseconds since 1970.</param>
    /// <returns>Whether more came meanwhile.</returns>
    public bool Drain(long now)
    {
        var count = 0;
        while (count < _options.RowCapacity && _rows.Reader.TryRead(out var row))
        {
            Export(row, row.Time == 0 ? now : row.Time, now);
            count++;
        }

        foreach (var exporter in _exporters)
        {
            exporter.Flush(now);
        }

        Interlocked.Add(ref _exported, count);
        Interlocked.Exchange(ref _sessionCount, _sessions.Count);
        return count == _options.RowCapacity;
    }

    /// <summary>What has to be done now and then; called each second or so.</summary>
    public void Maintain(long now)
    {
        foreach (var exporter in _exporters)
        {
            exporter.Maintain(now);
        }

        _sessions.MakeRoom(now - (long)_options.SessionTimeout.TotalMicroseconds);
    }

    /// <summary>The wall clock was set, and reports tell what was before by the new one: so does what is kept of them.</summary>
    /// <param name="step">Microseconds ahead; below zero: back.</param>
    public void Shift(long step)
    {
        _sessions.Shift(step);
        foreach (var exporter in _exporters)
        {
            exporter.Shift(step);
        }
    }

    private void Export(in FlowRow row, long time, long now)
    {
        var news = _sessions.Account(row, time);
        if (news is { SentPackets: 0, ReceivedPackets: 0 })
        {
            return;
        }

        var flow = new Biflow(in row, news, time);
        foreach (var exporter in _exporters)
        {
            exporter.Add(flow, now);
        }
    }
}
