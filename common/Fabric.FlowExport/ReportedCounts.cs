using Fabric.Analytics;

namespace Fabric.FlowExport;

/// <summary>The counts of a session up to which collectors were told.</summary>
internal struct ReportedCounts
{
    private ulong _sentPackets;
    private ulong _sentOctets;
    private ulong _receivedPackets;
    private ulong _receivedOctets;

    /// <param name="isReported">Collectors are taken to know what the row tells.</param>
    public ReportedCounts(in FlowRow row, bool isReported)
    {
        Started = row.Started;
        Time = row.Started;
        if (isReported)
        {
            _sentPackets = row.SentPackets;
            _sentOctets = row.SentBytes;
            _receivedPackets = row.ReceivedPackets;
            _receivedOctets = row.ReceivedBytes;
        }
    }

    /// <summary>Start of the session; microseconds since 1970.</summary>
    public long Started { get; private set; }

    /// <summary>Of the last row; microseconds since 1970.</summary>
    public long Time { get; private set; }

    /// <summary>The wall clock was set so many microseconds ahead.</summary>
    public void Shift(long step)
    {
        Started += step;
        Time += step;
    }

    /// <summary>What the row has above these counts, which become the row's.</summary>
    public UnreportedCounts Report(in FlowRow row, long now)
    {
        var (sentPackets, sentOctets) = Advance(ref _sentPackets, ref _sentOctets, row.SentPackets, row.SentBytes);
        var (receivedPackets, receivedOctets) = Advance(ref _receivedPackets, ref _receivedOctets, row.ReceivedPackets, row.ReceivedBytes);
        var since = Time;
        Time = now;
        return new UnreportedCounts(since, sentPackets, sentOctets, receivedPackets, receivedOctets);
    }

    // Octets wait for a packet that they can be of; counts that go back are those of a row that was overtaken.
    private static (ulong Packets, ulong Octets) Advance(ref ulong packets, ref ulong octets, ulong rowPackets, ulong rowOctets)
    {
        if (rowPackets <= packets || rowOctets < octets)
        {
            return (0, 0);
        }

        var (newPackets, newOctets) = (rowPackets - packets, rowOctets - octets);
        (packets, octets) = (rowPackets, rowOctets);
        return (newPackets, newOctets);
    }
}

/// <summary>What collectors were not told of a session yet.</summary>
/// <param name="Since">Of the report before, or the session's start; microseconds since 1970.</param>
internal readonly record struct UnreportedCounts(
    long Since,
    ulong SentPackets,
    ulong SentOctets,
    ulong ReceivedPackets,
    ulong ReceivedOctets
);
