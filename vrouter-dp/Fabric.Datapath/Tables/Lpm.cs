using Fabric.Primitives;

namespace Fabric.Datapath;

/// <summary>
/// Longest-prefix match over IPv4: a trie of four levels of one byte each. A prefix fills the slots that it covers on the level where it
/// ends, unless a longer one is there; a lookup follows at most four slots and keeps the last value seen.
/// </summary>
public sealed class Lpm
{
    private const int Empty = 0;
    private const int NodeSlots = 256;

    private struct Slot
    {
        /// <summary>One more than the value of the longest prefix that ends on this level and covers the slot.</summary>
        public int Value;
        public int Child;
        public byte Length;
    }

    private readonly Dictionary<ulong, int> prefixes = [];
    private readonly Stack<int> freeNodes = [];
    private Slot[] slots = new Slot[NodeSlots];
    private int[] used = new int[1];
    private int nodes = 1;

    public int Count => prefixes.Count;

    /// <summary>The value of the longest prefix that covers an address, or -1.</summary>
    public int Lookup(uint address)
    {
        var best = -1;
        var table = slots;
        var node = 0;
        for (var shift = 24; ; shift -= 8)
        {
            ref readonly var slot = ref table[node * NodeSlots + (int)(address >> shift & 0xFF)];
            if (slot.Value != Empty)
            {
                best = slot.Value - 1;
            }

            if (slot.Child == Empty)
            {
                return best;
            }

            node = slot.Child;
        }
    }

    /// <summary>
    /// The length (8, 16, 24 or 32) of a prefix around an address for all of which a lookup finds the same: the slot in which this one's ends.
    /// </summary>
    public int BlockLength(uint address)
    {
        var node = 0;
        for (var shift = 24; ; shift -= 8)
        {
            node = slots[node * NodeSlots + (int)(address >> shift & 0xFF)].Child;
            if (node == Empty)
            {
                return 32 - shift;
            }
        }
    }

    /// <summary>The value of exactly this prefix, or -1.</summary>
    public int Find(uint prefix, int length) => prefixes.TryGetValue(Key(prefix, length), out var value) ? value : -1;

    /// <summary>Sets the value of a prefix; bits behind the length are ignored. A value is not negative.</summary>
    public void Set(uint prefix, int length, int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        prefix &= IpPrefix.MaskIpv4(length);
        prefixes[Key(prefix, length)] = value;
        var level = LevelOf(length);
        var node = 0;
        for (var i = 0; i < level; i++)
        {
            node = ChildOf(node, ByteOf(prefix, i));
        }

        var (first, count) = Covered(prefix, length, level);
        for (var i = first; i < first + count; i++)
        {
            ref var slot = ref slots[node * NodeSlots + i];
            if (slot.Value == Empty)
            {
                used[node]++;
            }

            if (slot.Value == Empty || slot.Length <= length)
            {
                slot.Value = value + 1;
                slot.Length = (byte)length;
            }
        }
    }

    public bool Remove(uint prefix, int length)
    {
        prefix &= IpPrefix.MaskIpv4(length);
        if (!prefixes.Remove(Key(prefix, length)))
        {
            return false;
        }

        Span<int> path = stackalloc int[4];
        var level = LevelOf(length);
        for (var i = 0; i < level; i++)
        {
            path[i + 1] = slots[path[i] * NodeSlots + ByteOf(prefix, i)].Child;
        }

        var (replacement, replacementLength) = NextShorter(prefix, length, level);
        var (first, count) = Covered(prefix, length, level);
        for (var i = first; i < first + count; i++)
        {
            ref var slot = ref slots[path[level] * NodeSlots + i];
            if (slot.Length != length)
            {
                continue;
            }

            slot.Value = replacement;
            slot.Length = (byte)replacementLength;
            if (replacement == Empty)
            {
                used[path[level]]--;
            }
        }

        FreeEmptyNodes(prefix, path, level);
        return true;
    }

    private static ulong Key(uint prefix, int length) => (ulong)length << 32 | prefix;

    private static int LevelOf(int length) => length <= 8 ? 0 : (length - 1) / 8;

    private static int ByteOf(uint prefix, int level) => (int)(prefix >> (24 - 8 * level) & 0xFF);

    private static (int First, int Count) Covered(uint prefix, int length, int level) =>
        (ByteOf(prefix, level), 1 << (8 * (level + 1) - length));

    private (int Value, int Length) NextShorter(uint prefix, int length, int level)
    {
        var shortest = level == 0 ? 0 : 8 * level + 1;
        for (var shorter = length - 1; shorter >= shortest; shorter--)
        {
            if (prefixes.TryGetValue(Key(prefix & IpPrefix.MaskIpv4(shorter), shorter), out var value))
            {
                return (value + 1, shorter);
            }
        }

        return (Empty, 0);
    }

    private int ChildOf(int node, int index)
    {
        var child = slots[node * NodeSlots + index].Child;
        if (child != Empty)
        {
            return child;
        }

        child = NewNode();
        slots[node * NodeSlots + index].Child = child;
        used[node]++;
        return child;
    }

    private int NewNode()
    {
        if (freeNodes.TryPop(out var free))
        {
            return free;
        }

        if (nodes == used.Length)
        {
            Array.Resize(ref used, nodes * 2);
            Array.Resize(ref slots, nodes * 2 * NodeSlots);
        }

        return nodes++;
    }

    private void FreeEmptyNodes(uint prefix, ReadOnlySpan<int> path, int level)
    {
        for (var i = level; i > 0 && used[path[i]] == 0; i--)
        {
            slots.AsSpan(path[i] * NodeSlots, NodeSlots).Clear();
            freeNodes.Push(path[i]);
            slots[path[i - 1] * NodeSlots + ByteOf(prefix, i - 1)].Child = Empty;
            used[path[i - 1]]--;
        }
    }
}
