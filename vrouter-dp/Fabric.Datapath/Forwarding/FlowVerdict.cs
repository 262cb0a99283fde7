namespace Fabric.Datapath;

/// <summary>What becomes of a packet: where it goes, or why it is dropped.</summary>
internal readonly record struct FlowVerdict(DropReason Reason, string? Rule, NextHop? NextHop, uint Label)
{
    public static FlowVerdict Drop(DropReason reason, string? rule = null) => new(reason, rule, NextHop: null, Label: 0);
}
