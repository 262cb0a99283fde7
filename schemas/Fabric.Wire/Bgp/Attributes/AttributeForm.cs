using System.Buffers.Binary;
using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>The forms that attribute values must have, of those that are passed on unread or nearly so.</summary>
internal static class AttributeForm
{
    private const int PmsiHeadBytes = 5;
    private const byte NoTunnel = 0;
    private const byte IngressReplication = 6;

    public static bool IsListOf(ReadOnlySpan<byte> value, int itemBytes) => !value.IsEmpty && value.Length % itemBytes == 0;

    /// <summary>A valid host address (RFC 4271 section 6.3): not zero, neither group nor reserved.</summary>
    public static bool IsNextHop(ReadOnlySpan<byte> value) =>
        value.Length == 4 && value[0] < 224 && BinaryPrimitives.ReadUInt32BigEndian(value) != 0;

    /// <summary>The same of an address of either kind; nor is it the loopback address of IPv6.</summary>
    public static bool IsNextHop(IpAddress address) =>
        address.Kind == AddressKind.Ipv4
            ? address.Ipv4 is not 0 and < 0xE000_0000
            : address.Bits > UInt128.One && address.Bits >> 120 != byte.MaxValue;

    /// <summary>RFC 6514 section 5: an identifier that is not one of its tunnel type is malformed; other types' are not known.</summary>
    public static bool IsPmsiTunnel(ReadOnlySpan<byte> value)
    {
        if (value.Length < PmsiHeadBytes)
        {
            return false;
        }

        var identifierBytes = value.Length - PmsiHeadBytes;
        return value[1] switch
        {
            NoTunnel => identifierBytes == 0,
            IngressReplication => identifierBytes is 4 or 16,
            _ => true,
        };
    }

    /// <summary>RFC 8669 section 3: <code>{ | type (1) | length (2) | value (length) | } ...</code></summary>
    public static bool IsPrefixSid(ReadOnlySpan<byte> value)
    {
        const int headBytes = 3;
        if (value.IsEmpty)
        {
            return false;
        }

        while (!value.IsEmpty)
        {
            if (value.Length < headBytes)
            {
                return false;
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(value[1..]);
            if (length > value.Length - headBytes || !IsPrefixSidValue(value[0], length))
            {
                return false;
            }

            value = value[(headBytes + length)..];
        }

        return true;
    }

    // A label index has 7 octets, an originator's SRGB two of flags and six for each block (RFC 8669 sections 3.1 and 3.2).
    private static bool IsPrefixSidValue(byte type, int length) =>
        type switch
        {
            1 => length == 7,
            3 => length >= 8 && (length - 2) % 6 == 0,
            _ => true,
        };
}
