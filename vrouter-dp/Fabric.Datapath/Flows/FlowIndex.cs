using Fabric.Datapath.Shared;

namespace Fabric.Datapath;

/// <summary>
/// Finds slots by key: open addressing with linear probing, in memory that programs and workers read while it changes. They find a slot, or
/// nothing; never another's.
/// </summary>
internal sealed class FlowIndex(SharedMemory memory)
{
    private readonly SharedRegion<FlowSlot> slots = memory.Flows;
    private readonly SharedRegion<uint> places = memory.Index;
    private readonly int mask = memory.Index.Count - 1;

    public ulong Seed { get; } = memory.Host.Seed;

    /// <summary>The slot of a key, or -1.</summary>
    public int Find(in FlowKey key)
    {
        for (var place = HomeOf(key); Volatile.Read(ref places[place]) is var number and not 0; place = (place + 1) & mask)
        {
            if (slots[(int)number - 1].Key == key)
            {
                return (int)number - 1;
            }
        }

        return -1;
    }

    /// <summary>Adds a slot that is complete and whose key is not there.</summary>
    public void Add(int slot)
    {
        var place = HomeOf(slots[slot].Key);
        while (places[place] != 0)
        {
            place = (place + 1) & mask;
        }

        Volatile.Write(ref places[place], (uint)slot + 1);
    }

    // Entries behind the hole move back to where a lookup finds them (Knuth, volume 3, algorithm 6.4R): no tombstones.
    public void Remove(int slot)
    {
        var hole = HomeOf(slots[slot].Key);
        while (places[hole] != slot + 1)
        {
            hole = (hole + 1) & mask;
        }

        for (var place = (hole + 1) & mask; places[place] != 0; place = (place + 1) & mask)
        {
            var home = HomeOf(slots[(int)places[place] - 1].Key);
            if (((place - home) & mask) >= ((place - hole) & mask))
            {
                Volatile.Write(ref places[hole], places[place]);
                hole = place;
            }
        }

        Volatile.Write(ref places[hole], 0);
    }

    /// <summary>Whether each of the slots in use, and nothing else, is found.</summary>
    public bool IsConsistent(int slotsInUse)
    {
        var used = 0;
        foreach (var place in places.Span)
        {
            if (place > (uint)slots.Count)
            {
                return false;
            }

            used += place != 0 ? 1 : 0;
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

    private int HomeOf(in FlowKey key) => (int)key.Hash(Seed) & mask;
}
