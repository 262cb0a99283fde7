namespace Fabric.Datapath.Shared;

/// <summary>
/// A verdict over a flow in one word, so that it changes by one store.
/// <code>
///  63        50 49        30 29      10 9       2 1      0
/// +------------+------------+----------+---------+--------+
/// |    zero    |leaf nexthop|  label   | reason  | action |
/// +------------+------------+----------+---------+--------+
/// </code>
/// </summary>
public readonly record struct FlowVerdictWord(ulong Value)
{
    private const int ReasonShift = 2;
    private const int LabelShift = 10;
    private const int NextHopShift = 30;
    private const int EndShift = 50;
    private const uint TwentyBits = 0xFFFFF;

    public FlowVerdictWord(FlowAction action, DropReason reason, uint label, uint nextHop)
        : this((ulong)action | (ulong)reason << ReasonShift | (ulong)label << LabelShift | (ulong)nextHop << NextHopShift) { }

    public FlowAction Action => (FlowAction)(Value & 3);

    public DropReason Reason => (DropReason)(byte)(Value >> ReasonShift);

    public uint Label => (uint)(Value >> LabelShift) & TwentyBits;

    /// <summary>The next hop that was chosen; another than the route's only for ECMP.</summary>
    public uint NextHop => (uint)(Value >> NextHopShift) & TwentyBits;

    /// <summary>No bit is set that has no meaning.</summary>
    internal bool IsValid => Action <= FlowAction.Drop && (int)Reason < DropLog.ReasonCount && Value >> EndShift == 0;
}
