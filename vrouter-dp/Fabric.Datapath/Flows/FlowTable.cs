namespace Fabric.Datapath;

/// <summary>
/// Flow entries in an array of fixed size, found by open addressing with linear probing (an index of at least twice as many slots).
/// Nothing grows: a full table refuses. Owned by the pipeline's loop.
/// </summary>
public sealed class FlowTable
{
    private readonly FlowEntry[] entries;
    private readonly string?[] rules;
    private readonly int[] index;
    private readonly int[] free;
    private readonly int[] vifCounts = new int[BatchRules.MaxVif + 1];
    private readonly int perVifLimit;
    private int freeCount;

    /// <param name="capacity">Entries; a connection takes two.</param>
    /// <param name="perVifLimit">Entries that one virtual interface may take.</param>
    public FlowTable(int capacity = 1 << 19, int perVifLimit = 1 << 17)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(perVifLimit, 2);
        this.perVifLimit = perVifLimit;
        entries = new FlowEntry[capacity];
        rules = new string?[capacity];
        free = new int[capacity];
        index = new int[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)capacity * 2)];
        for (var i = capacity - 1; i >= 0; i--)
        {
            free[freeCount++] = i;
        }
    }

    public int Capacity => entries.Length;

    public int Count => entries.Length - freeCount;

    public int CountOf(uint vif) => vif < (uint)vifCounts.Length ? vifCounts[vif] : 0;

    internal ref FlowEntry this[int entry] => ref entries[entry];

    internal ref string? RuleOf(int entry) => ref rules[entry];

    /// <summary>The entry of a key, or -1.</summary>
    internal int Find(in FlowKey key)
    {
        var mask = index.Length - 1;
        for (var slot = (int)key.Hash() & mask; index[slot] != 0; slot = (slot + 1) & mask)
        {
            if (entries[index[slot] - 1].Key == key)
            {
                return index[slot] - 1;
            }
        }

        return -1;
    }

    /// <summary>Why this many entries can't be taken for an interface now; <see cref="DropReason.None"/> when they can.</summary>
    internal DropReason Refusal(uint vif, int wanted) =>
        vifCounts[vif] + wanted > perVifLimit ? DropReason.FlowLimitOfVif
        : freeCount < wanted ? DropReason.FlowTableFull
        : DropReason.None;

    /// <summary>Takes an entry for a key that is not in the table. The caller has asked <see cref="Refusal"/>.</summary>
    internal int Add(in FlowKey key, uint vif, long nowMilliseconds)
    {
        var entry = free[--freeCount];
        entries[entry] = new FlowEntry
        {
            Key = key,
            InUse = true,
            Vif = (ushort)vif,
            ReverseIndex = -1,
            CreatedAt = nowMilliseconds,
            LastSeen = nowMilliseconds,
        };
        rules[entry] = null;
        vifCounts[vif]++;
        var mask = index.Length - 1;
        var slot = (int)key.Hash() & mask;
        while (index[slot] != 0)
        {
            slot = (slot + 1) & mask;
        }

        index[slot] = entry + 1;
        return entry;
    }

    /// <summary>Removes one direction; the other stays, without a partner.</summary>
    internal void Remove(int entry)
    {
        RemoveFromIndex(entry);
        if (entries[entry].ReverseIndex >= 0)
        {
            entries[entries[entry].ReverseIndex].ReverseIndex = -1;
        }

        vifCounts[entries[entry].Vif]--;
        entries[entry] = default;
        rules[entry] = null;
        free[freeCount++] = entry;
    }

    internal void Link(int entry, int reverse)
    {
        entries[entry].ReverseIndex = reverse;
        entries[reverse].ReverseIndex = entry;
    }

    internal bool IsClosed(int entry)
    {
        ref readonly var flow = ref entries[entry];
        var reverse = flow.ReverseIndex < 0 ? TcpProgress.None : entries[flow.ReverseIndex].Tcp;
        return ((flow.Tcp | reverse) & TcpProgress.Reset) != TcpProgress.None || (flow.Tcp & reverse & TcpProgress.Fin) != TcpProgress.None;
    }

    internal void RemoveWithReverse(int entry)
    {
        var reverse = entries[entry].ReverseIndex;
        Remove(entry);
        if (reverse >= 0)
        {
            Remove(reverse);
        }
    }

    // Entries behind the hole move back to where a lookup finds them (Knuth, volume 3, algorithm 6.4R): no tombstones.
    private void RemoveFromIndex(int entry)
    {
        var mask = index.Length - 1;
        var hole = (int)entries[entry].Key.Hash() & mask;
        while (index[hole] != entry + 1)
        {
            hole = (hole + 1) & mask;
        }

        for (var slot = (hole + 1) & mask; index[slot] != 0; slot = (slot + 1) & mask)
        {
            var home = (int)entries[index[slot] - 1].Key.Hash() & mask;
            if (((slot - home) & mask) >= ((slot - hole) & mask))
            {
                index[hole] = index[slot];
                hole = slot;
            }
        }

        index[hole] = 0;
    }
}
