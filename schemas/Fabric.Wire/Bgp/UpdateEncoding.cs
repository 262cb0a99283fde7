using System.Runtime.CompilerServices;

namespace Fabric.Wire.Bgp;

/// <summary>
/// How UPDATEs are written for the peers of one update group, with the attribute sets already encoded for it: a set is encoded once,
/// however many messages it goes into. When the cache is full it is emptied; what is still in use comes back by itself.
/// </summary>
public sealed class UpdateEncoding(bool fourOctetAs, bool extendedMessages, int cachedSets = 1 << 14)
{
    private readonly Dictionary<PathAttributes, byte[]> _encoded = new(ByReference.Instance);
    private readonly Dictionary<PathAttributes, byte[]> _encodedWithNextHop = new(ByReference.Instance);

    public bool FourOctetAs { get; } = fourOctetAs;

    public int MaxMessageBytes { get; } = extendedMessages ? MessageFrame.MaxExtendedBytes : MessageFrame.MaxBytes;

    /// <summary>The attributes without MP_REACH_NLRI; with NEXT_HOP only for prefixes in the message's own NLRI field.</summary>
    internal ReadOnlySpan<byte> Encode(PathAttributes attributes, bool withNextHop)
    {
        var cache = withNextHop ? _encodedWithNextHop : _encoded;
        if (!cache.TryGetValue(attributes, out var bytes))
        {
            if (cache.Count >= cachedSets)
            {
                cache.Clear();
            }

            bytes = AttributeEncoder.Encode(attributes, FourOctetAs, withNextHop);
            cache.Add(attributes, bytes);
        }

        return bytes;
    }

    // Sets are interned, so that the same set is the same object; comparing members would cost more than encoding.
    private sealed class ByReference : IEqualityComparer<PathAttributes>
    {
        public static ByReference Instance { get; } = new();

        public bool Equals(PathAttributes? x, PathAttributes? y) => ReferenceEquals(x, y);

        public int GetHashCode(PathAttributes obj) => RuntimeHelpers.GetHashCode(obj);
    }
}
