using Fabric.Datapath.Shared;

namespace Fabric.Datapath;

/// <summary>Stores what was found for a flow into its entry. Called under the table's lock.</summary>
internal sealed class VerdictWriter(DatapathTables tables, FlowTable flows)
{
    /// <summary>For the kernel's programs, which may be at this flow, it holds no more until all of it is stored.</summary>
    public void Store(int index, in Evaluation evaluation, in PacketOrigin origin)
    {
        ref var flow = ref flows[index];
        var leaf = evaluation.NextHop is { Kind: NextHopKind.Interface } nextHop ? nextHop.Vif : FlowSlot.NoVif;
        var destination = evaluation.Destination?.Id ?? leaf;
        flow.ValidatedAt = 0;
        flow.RouteNextHop = evaluation.RouteNextHop;
        flow.DestinationVif = flows.HasVif(destination) ? destination : FlowSlot.NoVif;
        flow.OuterSource = origin.OuterSource;
        flow.Verdict = new FlowVerdictWord(
            evaluation.Reason == DropReason.None ? FlowAction.Forward : FlowAction.Drop,
            evaluation.Reason,
            evaluation.Label,
            evaluation.NextHop?.Id ?? 0
        );
        flow.ValidatedAt = tables.Change;
        flows.SetRule(index, evaluation.Rule);
    }
}
