using Fabric.Datapath.Shared;

namespace Fabric.Datapath;

/// <summary>
/// Which slots were taken since they were looked at last, by C# or by the kernel's programs: the ring of free slots still holds their numbers
/// where it began then. Numbers are lost where it has come round since; and a slot may be free again.
/// </summary>
internal sealed class TakenSlots(SharedMemory memory)
{
    private readonly SharedRegion<FreeSlot> ring = memory.FreeSlots;
    private uint place;
    private uint end;

    /// <summary>From here on.</summary>
    public void Begin() => place = end = FirstFree();

    /// <summary>Those taken up to now are next.</summary>
    public void Look() => end = FirstFree();

    public bool TryNext(out int slot)
    {
        if (place == end)
        {
            slot = -1;
            return false;
        }

        slot = (int)ring[(int)place].Slot;
        place = place + 1 == (uint)ring.Count ? 0 : place + 1;
        return true;
    }

    // Whoever holds the lock may have taken slots that are not filled yet.
    private uint FirstFree()
    {
        using var held = FlowLock.Take(ref memory.FlowTable);
        return memory.FlowTable.FirstFree;
    }
}
