using Fabric.Datapath.Shared;

namespace Fabric.Datapath;

/// <summary>Stores what was found for a flow into its entry. Called under the table's lock.</summary>
internal sealed class VerdictWriter(DatapathTables tables, FlowTable flows)
{
    /// <summary>
    /// For programs and other workers, which may be at this flow, it holds no more until all of it is stored. What a worker has stored whose tables
    /// are ahead of these stays.
    /// </summary>
    public void Store(int index, in Evaluation evaluation, in PacketOrigin origin)
    {
        ref var flow = ref flows[index];
        if (flow.ValidatedAt > tables.Change)
        {
            return;
        }

        var leaf = evaluation.NextHop is { Kind: NextHopKind.Interface } nextHop ? nextHop.Vif : FlowSlot.NoVif;
        var destination = evaluation.Destination?.Id ?? leaf;
        flow.Invalidate();
        flow.RouteNextHop = evaluation.RouteNextHop;
        flow.DestinationVif = flows.HasVif(destination) ? destination : FlowSlot.NoVif;
        flow.OuterSource = origin.OuterSource;
        flow.Verdict = new FlowVerdictWord(
            evaluation.Reason == DropReason.None ? FlowAction.Forward : FlowAction.Drop,
            evaluation.Reason,
            evaluation.Label,
            evaluation.NextHop?.Id ?? 0
        );
        flows.SetRule(index, evaluation.Rule);
        flow.ValidatedAt = tables.Change;
    }
}
