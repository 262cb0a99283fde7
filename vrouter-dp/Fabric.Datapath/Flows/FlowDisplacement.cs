namespace Fabric.Datapath;

/// <summary>
/// Makes room where there is none by what costs least: a connection that nobody has answered or that is closed, a denial, or what stands for many packets
/// (wide and stateless entries). All of them come again with their next packet. So whoever fills a machine's share with what is never answered
/// displaces his own, and its connections and new ones go on; as Linux's connection tracking does with entries that are not assured. Called under the
/// table's lock.
/// </summary>
internal sealed class FlowDisplacement(FlowTable flows)
{
    // Programs and other workers wait meanwhile: of the slots one in four is an interface's that has its share.
    private const int Looks = 24;

    // What was sent just now may be answered still.
    private const long LeastIdleMilliseconds = 100;

    // Odd, and far: slots that were taken one after the other are met evenly, and all of them in time.
    private const uint Stride = 0x9E37_79B1;

    private uint place;

    /// <summary>Removes the pair that was idle for the longest among some that can go.</summary>
    /// <param name="vif">For whom there is no room.</param>
    /// <param name="refusal">Its own share is taken, or the table.</param>
    /// <param name="kept">An entry that stays, as does its other direction; -1: none.</param>
    /// <param name="nowMilliseconds">The time.</param>
    public bool TryMakeRoom(uint vif, DropReason refusal, int kept, long nowMilliseconds)
    {
        var (oldest, seen) = (-1, nowMilliseconds - LeastIdleMilliseconds + 1);
        for (var looks = Math.Min(Looks, flows.Capacity); looks > 0; looks--)
        {
            place += Stride;
            var hand = (int)(place % (uint)flows.Capacity);
            if (
                !IsOf(hand, kept)
                && flows[hand].InUse
                && IsItsToLose(flows[hand].Vif, vif, refusal)
                && CanGo(hand)
                && flows.LastSeen(hand) < seen
            )
            {
                (oldest, seen) = (hand, flows.LastSeen(hand));
            }
        }

        if (oldest >= 0)
        {
            flows.RemoveWithReverse(oldest, nowMilliseconds);
        }

        return oldest >= 0;
    }

    private bool IsOf(int index, int kept) => index == kept || (kept >= 0 && flows[kept].Reverse == index);

    // Where the table is full, those lose who have more.
    private bool IsItsToLose(uint owner, uint vif, DropReason refusal) =>
        owner == vif || (refusal == DropReason.FlowTableFull && flows.CountOf(owner) > flows.CountOf(vif));

    // What stands for many has no answers of its own, and is idle where it is not used.
    private bool CanGo(int index) =>
        flows[index].Action == FlowAction.Drop || flows.IsClosed(index) || flows.IsHalfOpen(index) || IsUnanswered(index);

    private bool IsUnanswered(int index) =>
        flows[index].Reverse is not (var reverse and >= 0) || flows[index].Packets == 0 || flows[reverse].Packets == 0;
}
