using Fabric.Datapath.Shared;

namespace Fabric.Datapath;

/// <summary>
/// Slots that hold no flow, the longest free first, in memory from which the kernel's programs take too: under the lock of the table. One is
/// taken only after a rest, so that whoever still reads it finds the flow that was there.
/// </summary>
internal sealed class FreeSlots(SharedMemory memory)
{
    /// <summary>How long a slot rests at most. Times are in tenths of a second, so it may be one of them less: far longer than a program runs still.</summary>
    public const long RestMilliseconds = RestTenths * MillisecondsOfTenth;

    private const int RestTenths = 2;

    // An hour: far more than a rest, and than the clocks of two workers may be apart. MOST_TENTHS_AHEAD of bpf/admit.h.
    private const uint MostTenthsAhead = 36_000;
    private const int MillisecondsOfTenth = 100;
    private readonly SharedRegion<FreeSlot> ring = memory.FreeSlots;

    public int Count => (int)memory.FlowTable.FreeCount;

    public void Clear()
    {
        memory.FlowTable.FirstFree = 0;
        memory.FlowTable.FreeCount = 0;
        memory.FlowTable.Capacity = (uint)ring.Count;
    }

    public bool CanTake(int wanted, long nowMilliseconds) => Count >= wanted && !Rests(ring[Place(wanted - 1)].UsableAt, nowMilliseconds);

    public int Take()
    {
        var slot = ring[Place(0)].Slot;
        memory.FlowTable.FirstFree = (uint)Place(1);
        memory.FlowTable.FreeCount--;
        return (int)slot;
    }

    public void Give(int slot, long nowMilliseconds) => Append(slot, TenthsOf(nowMilliseconds) + RestTenths);

    /// <summary>A slot that nobody has read for long.</summary>
    public void GiveRested(int slot) => Append(slot, usableAt: 0);

    private void Append(int slot, uint usableAt)
    {
        ring[Place(Count)] = new FreeSlot { Slot = (uint)slot, UsableAt = usableAt };
        memory.FlowTable.FreeCount++;
    }

    private int Place(int offset)
    {
        var place = (int)memory.FlowTable.FirstFree + offset;
        return place < ring.Count ? place : place - ring.Count;
    }

    // Only what is due soon rests: the count comes round in 13 years, and a slot that is not needed is free for as long as the host is up.
    private static bool Rests(uint usableAt, long nowMilliseconds) => usableAt - TenthsOf(nowMilliseconds) - 1 < MostTenthsAhead;

    private static uint TenthsOf(long milliseconds) => (uint)(milliseconds / MillisecondsOfTenth);
}
