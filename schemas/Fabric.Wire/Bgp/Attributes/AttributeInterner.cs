using System.Diagnostics.CodeAnalysis;

namespace Fabric.Wire.Bgp;

/// <summary>
/// Keeps decoded attribute sets by the bytes they came in, so that the many UPDATEs of one set are decoded once. Owned by the BGP loop
/// and shared by its sessions.
/// <para>
/// Bounded by two generations: a full young generation becomes the old one and the former old one is forgotten; a set found in the
/// old one moves back to the young. Forgetting costs a decoding later; routes hold their sets themselves.
/// </para>
/// </summary>
/// <param name="capacity">Sets of one generation; at most twice as many are kept.</param>
public sealed class AttributeInterner(int capacity = 1 << 16)
{
    private const int PrologueBytes = 2;

    private readonly byte[] _key = new byte[MessageFrame.MaxExtendedBytes + PrologueBytes];
    private Dictionary<byte[], PathAttributes> _young = new(KeyComparer.Instance);
    private Dictionary<byte[], PathAttributes> _old = new(KeyComparer.Instance);

    /// <summary>Sets kept now.</summary>
    public int Count => _young.Count + _old.Count;

    /// <summary>Sets that were taken without decoding, since the start.</summary>
    public long Hits { get; private set; }

    /// <summary>Sets that had to be decoded.</summary>
    public long Misses { get; private set; }

    /// <summary>
    /// The key in a buffer of the interner, valid until the next call:
    /// <code>
    /// | how the bytes are read (1) | MP next hop's length (1) | MP next hop | attributes but MP_REACH_NLRI and MP_UNREACH_NLRI |
    /// </code>
    /// </summary>
    internal ReadOnlySpan<byte> Key(in AttributeBlock block, ReadOnlySpan<byte> nextHop, bool isVpn, UpdateContext context)
    {
        _key[0] = (byte)((context.FourOctetAs ? 1 : 0) | (context.IsInternal ? 2 : 0) | (isVpn ? 4 : 0));
        _key[1] = (byte)nextHop.Length;
        nextHop.CopyTo(_key.AsSpan(PrologueBytes));
        var length = PrologueBytes + nextHop.Length;
        length += block.CopyOthers(_key.AsSpan(length));
        return _key.AsSpan(0, length);
    }

    internal PathAttributes? Find(ReadOnlySpan<byte> key)
    {
        if (_young.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var found))
        {
            Hits++;
            return found;
        }

        if (_old.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(key, out var stored, out found))
        {
            Hits++;
            Keep(stored, found);
            return found;
        }

        Misses++;
        return null;
    }

    internal void Add(ReadOnlySpan<byte> key, PathAttributes attributes) => Keep(key.ToArray(), attributes);

    private void Keep(byte[] key, PathAttributes attributes)
    {
        if (_young.Count >= capacity)
        {
            (_young, _old) = (_old, _young);
            _young.Clear();
        }

        _young[key] = attributes;
    }

    private sealed class KeyComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static KeyComparer Instance { get; } = new();

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

        // Seeded per process by the runtime, so that a peer cannot choose colliding blocks.
        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }
    }
}
