using Fabric.Datapath.Shared;

namespace Fabric.Datapath;

/// <summary>
/// Counts the stateless entries of each interface by the length of their block, so that only lengths that are there are looked for. They are
/// bits of <see cref="VifSlot.StatelessLengths"/>: 0 to 3 for lengths of 8, 16, 24 and 32 of the block that it sends to, 4 to 7 for those of the
/// block of the underlay's that sends to it.
/// </summary>
internal sealed class StatelessLengths(SharedMemory memory)
{
    public const int BitsOfLength = 8;
    private const int Lengths = 4;
    private const int Bits = 2 * Lengths;
    private const uint Mask = (1 << Lengths) - 1;
    private readonly int[] counts = new int[memory.Vifs.Count * Bits];

    /// <summary>Bit N stands for a length of 8 * (N + 1).</summary>
    public uint Of(uint vif, bool isUplink) => memory.Vifs[(int)vif].StatelessLengths >> (isUplink ? Lengths : 0) & Mask;

    /// <summary>Whether a stateless key's blocks have lengths that are counted.</summary>
    public static bool Has(in FlowKey key) =>
        key.DestinationPort == 0 ? IsLength(key.SourcePort) : key.SourcePort == Lengths * BitsOfLength && IsLength(key.DestinationPort);

    public void Add(in FlowSlot entry)
    {
        if (entry.Key.IsStateless)
        {
            var bit = BitOf(entry.Key);
            counts[(int)entry.Vif * Bits + bit]++;
            memory.Vifs[(int)entry.Vif].StatelessLengths |= 1u << bit;
        }
    }

    public void Remove(in FlowSlot entry)
    {
        if (!entry.Key.IsStateless)
        {
            return;
        }

        var bit = BitOf(entry.Key);
        if (--counts[(int)entry.Vif * Bits + bit] == 0)
        {
            memory.Vifs[(int)entry.Vif].StatelessLengths &= ~(1u << bit);
        }
    }

    public void Clear()
    {
        counts.AsSpan().Clear();
        foreach (ref var vif in memory.Vifs.Span)
        {
            vif.StatelessLengths = 0;
        }
    }

    private static bool IsLength(ushort value) => value is 8 or 16 or 24 or 32;

    // What the underlay sends goes to any address.
    private static int BitOf(in FlowKey key) =>
        key.DestinationPort == 0 ? Lengths - 1 + key.SourcePort / BitsOfLength : key.DestinationPort / BitsOfLength - 1;
}
