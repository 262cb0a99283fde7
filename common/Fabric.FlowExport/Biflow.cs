using Fabric.Analytics;

namespace Fabric.FlowExport;

/// <summary>What went both ways through a session (RFC 5103 section 2) since it was reported last.</summary>
/// <param name="counts">Not both are zero.</param>
/// <param name="end">Microseconds since 1970.</param>
internal readonly ref struct Biflow(ref readonly FlowRow row, UnreportedCounts counts, long end)
{
    private readonly ref readonly FlowRow _row = ref row;

    /// <summary>From the initiator to the responder.</summary>
    public Uniflow Forward => new(in _row, isReverse: false, counts.SentPackets, counts.SentOctets, counts.Since, end);

    /// <summary>From the responder to the initiator.</summary>
    public Uniflow Reverse => new(in _row, isReverse: true, counts.ReceivedPackets, counts.ReceivedOctets, counts.Since, end);
}
