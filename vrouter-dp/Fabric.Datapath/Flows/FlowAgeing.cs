namespace Fabric.Datapath;

/// <summary>
/// Walks the flow table in batches and removes what nothing uses: a pair goes only when both directions are idle. The first worker's alone.
/// </summary>
internal sealed class FlowAgeing(DatapathTables tables, FlowTable flows, PipelineOptions options)
{
    private const int CallsOfRound = 100;

    private int cursor;

    public void Run(long nowMilliseconds)
    {
        for (var i = Math.Min(Math.Max(options.AgeBatch, flows.Capacity / CallsOfRound), flows.Capacity); i > 0; i--)
        {
            if (flows[cursor].InUse)
            {
                Visit(cursor, nowMilliseconds);
            }

            cursor = cursor + 1 == flows.Capacity ? 0 : cursor + 1;
        }
    }

    private void Visit(int index, long nowMilliseconds)
    {
        if (IsOver(index, nowMilliseconds))
        {
            Remove(index, nowMilliseconds);
        }
        else
        {
            flows.State.Recorder?.Visit(index, nowMilliseconds);
        }
    }

    // A program may have begun the connection anew by now, or another worker removed it.
    private void Remove(int index, long nowMilliseconds)
    {
        using var held = flows.Lock();
        if (flows[index].InUse && IsOver(index, nowMilliseconds))
        {
            flows.RemoveWithReverse(index, nowMilliseconds);
        }
    }

    private bool IsOver(int index, long nowMilliseconds)
    {
        ref readonly var flow = ref flows[index];
        if (!tables.AwaitsSnapshot && tables.Vif(flow.Vif) is null)
        {
            return true;
        }

        var idle =
            flow.Action == FlowAction.Drop ? options.DroppedFlowIdleMilliseconds
            : flows.IsClosed(index) ? options.ClosedFlowIdleMilliseconds
            : flows.IsHalfOpen(index) ? options.HalfOpenFlowIdleMilliseconds
            : options.FlowIdleMilliseconds;
        return nowMilliseconds - flows.LastSeen(index) >= idle;
    }
}
