using Fabric.Datapath.Shared;

namespace Fabric.Datapath;

/// <summary>
/// Finds slots by key: open addressing with linear probing, in memory that programs and workers read while it changes. They find a slot, or
/// nothing; never another's. A word has the number of a slot plus one in the bits that say where a hash begins to look, which are enough for
/// it as there are twice as many places as slots, and the rest of the hash in the others: slots of other keys are not read, mostly.
/// </summary>
internal sealed class FlowIndex(SharedMemory memory)
{
    private readonly SharedRegion<FlowSlot> slots = memory.Flows;
    private readonly SharedRegion<uint> places = memory.Index;
    private readonly uint mask = (uint)memory.Index.Count - 1;

    public ulong Seed { get; } = memory.Host.Seed;

    /// <summary>The slot of a key, or -1.</summary>
    public int Find(in FlowKey key)
    {
        var hash = key.Hash(Seed);
        for (var place = hash & mask; Volatile.Read(ref places[(int)place]) is var word and not 0; place = (place + 1) & mask)
        {
            if (((word ^ hash) & ~mask) == 0 && slots[SlotOf(word)].Key == key)
            {
                return SlotOf(word);
            }
        }

        return -1;
    }

    /// <summary>Adds a slot that is complete and whose key is not there.</summary>
    public void Add(int slot)
    {
        var hash = slots[slot].Key.Hash(Seed);
        var place = hash & mask;
        while (places[(int)place] != 0)
        {
            place = (place + 1) & mask;
        }

        Volatile.Write(ref places[(int)place], (hash & ~mask) | ((uint)slot + 1));
    }

    // Entries behind the hole move back to where a lookup finds them (Knuth, volume 3, algorithm 6.4R): no tombstones.
    public void Remove(int slot)
    {
        var hole = HomeOf(slot);
        while (SlotOf(places[(int)hole]) != slot)
        {
            hole = (hole + 1) & mask;
        }

        for (var place = (hole + 1) & mask; places[(int)place] is var word and not 0; place = (place + 1) & mask)
        {
            if (((place - HomeOf(SlotOf(word))) & mask) >= ((place - hole) & mask))
            {
                Volatile.Write(ref places[(int)hole], word);
                hole = place;
            }
        }

        Volatile.Write(ref places[(int)hole], 0);
    }

    /// <summary>Whether each of the slots in use, and nothing else, is found.</summary>
    public bool IsConsistent(int slotsInUse)
    {
        var used = 0;
        foreach (var word in places.Span)
        {
            if (word != 0 && (uint)SlotOf(word) >= (uint)slots.Count)
            {
                return false;
            }

            used += word != 0 ? 1 : 0;
        }

        if (used != slotsInUse)
        {
            return false;
        }

        for (var slot = 0; slot < slots.Count; slot++)
        {
            if (slots[slot].InUse && Find(slots[slot].Key) != slot)
            {
                return false;
            }
        }

        return true;
    }

    public void Clear() => places.Span.Clear();

    private uint HomeOf(int slot) => slots[slot].Key.Hash(Seed) & mask;

    private int SlotOf(uint word) => (int)(word & mask) - 1;
}
