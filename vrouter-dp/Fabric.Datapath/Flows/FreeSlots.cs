namespace Fabric.Datapath;

/// <summary>
/// Slots that hold no flow, the longest free first. One is taken only after a rest, so that whoever still reads it finds the flow that
/// was there.
/// </summary>
internal sealed class FreeSlots(int capacity, long restMilliseconds)
{
    private readonly int[] slots = new int[capacity];
    private readonly long[] usableAt = new long[capacity];
    private int first;

    public int Count { get; private set; }

    public bool CanTake(int wanted, long nowMilliseconds) => Count >= wanted && usableAt[Place(wanted - 1)] <= nowMilliseconds;

    public int Take()
    {
        var slot = slots[first];
        first = Place(1);
        Count--;
        return slot;
    }

    public void Give(int slot, long nowMilliseconds) => Give(slot, usableAtMilliseconds: nowMilliseconds + restMilliseconds, Place(Count));

    /// <summary>A slot that nobody has read for long.</summary>
    public void GiveRested(int slot) => Give(slot, usableAtMilliseconds: long.MinValue, Place(Count));

    private void Give(int slot, long usableAtMilliseconds, int place)
    {
        slots[place] = slot;
        usableAt[place] = usableAtMilliseconds;
        Count++;
    }

    private int Place(int offset) => first + offset < slots.Length ? first + offset : first + offset - slots.Length;
}
