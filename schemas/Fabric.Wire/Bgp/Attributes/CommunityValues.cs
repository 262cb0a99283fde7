using System.Buffers.Binary;
using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>Lists of eight and twelve octets: EXTENDED_COMMUNITIES (RFC 4360 section 3) and LARGE_COMMUNITIES (RFC 8092 section 3).</summary>
internal static class CommunityValues
{
    public static ExtendedCommunity[] Extended(ReadOnlySpan<byte> value)
    {
        var items = new ExtendedCommunity[value.Length / 8];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = new(BinaryPrimitives.ReadUInt64BigEndian(value[(8 * i)..]));
        }

        return items;
    }

    public static LargeCommunity[] Large(ReadOnlySpan<byte> value)
    {
        var items = new LargeCommunity[value.Length / 12];
        for (var i = 0; i < items.Length; i++)
        {
            var item = value[(12 * i)..];
            items[i] = new(
                BinaryPrimitives.ReadUInt32BigEndian(item),
                BinaryPrimitives.ReadUInt32BigEndian(item[4..]),
                BinaryPrimitives.ReadUInt32BigEndian(item[8..])
            );
        }

        return items;
    }
}
