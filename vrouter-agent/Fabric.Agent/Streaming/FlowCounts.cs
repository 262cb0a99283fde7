using Fabric.Analytics;

namespace Fabric.Agent.Streaming;

/// <summary>Packets and bytes of a session, both ways.</summary>
internal readonly record struct FlowCounts(ulong SentPackets, ulong SentBytes, ulong ReceivedPackets, ulong ReceivedBytes)
{
    public static FlowCounts Of(in FlowRow row) => new(row.SentPackets, row.SentBytes, row.ReceivedPackets, row.ReceivedBytes);

    public static FlowCounts operator +(FlowCounts left, FlowCounts right) =>
        new(
            left.SentPackets + right.SentPackets,
            left.SentBytes + right.SentBytes,
            left.ReceivedPackets + right.ReceivedPackets,
            left.ReceivedBytes + right.ReceivedBytes
        );

    /// <summary>What came since; nothing where a number is smaller than before.</summary>
    public FlowCounts Since(in FlowCounts before) =>
        new(
            Since(SentPackets, before.SentPackets),
            Since(SentBytes, before.SentBytes),
            Since(ReceivedPackets, before.ReceivedPackets),
            Since(ReceivedBytes, before.ReceivedBytes)
        );

    private static ulong Since(ulong now, ulong before) => now > before ? now - before : 0;
}
