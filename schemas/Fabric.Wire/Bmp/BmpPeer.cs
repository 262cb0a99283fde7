using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Wire.Bmp;

/// <summary>What a message is about (RFC 7854 section 4.2, RFC 9069 section 4.1).</summary>
public enum BmpPeerType : byte
{
    /// <summary>A neighbour of the global instance.</summary>
    Global = 0,

    /// <summary>This node's own Loc-RIB; peer address and distinguisher are zero.</summary>
    LocRib = 3,
}

/// <summary>Which of a peer's tables (RFC 7854 section 4.2, RFC 8671 section 4); of a Loc-RIB none is set.</summary>
[Flags]
public enum BmpPeerFlags : byte
{
    None = 0,

    /// <summary>O: Adj-RIB-Out instead of Adj-RIB-In.</summary>
    AdjRibOut = 0x10,

    /// <summary>A: the AS_PATH has two-octet numbers, as on the session.</summary>
    TwoOctetAsPath = 0x20,

    /// <summary>L: behind the policies.</summary>
    PostPolicy = 0x40,
}

/// <summary>
/// The per-peer header (RFC 7854 section 4.2):
/// <code>
/// | peer type (1) | flags (1) | distinguisher (8) | address (16, IPv4 in the last four) | AS (4) | BGP identifier (4) | seconds (4) | microseconds (4) |
/// </code>
/// The flag V, for an IPv6 address, is written as the address asks for it. The time is that of the event.
/// </summary>
public readonly record struct BmpPeer(
    BmpPeerType Type,
    BmpPeerFlags Flags,
    IpAddress Address,
    AsNumber As,
    BgpIdentifier Identifier,
    DateTimeOffset Time
)
{
    public const int ByteCount = 42;

    private const byte Ipv6Flag = 0x80;
    private const int AddressBytes = 16;
    private const int Ipv4Bytes = 4;

    internal void Write(ref WireWriter writer)
    {
        var isIpv6 = Address.Kind == AddressKind.Ipv6;
        writer.Byte((byte)Type);
        writer.Byte((byte)((byte)Flags | (isIpv6 ? Ipv6Flag : 0)));
        writer.UInt64(0);
        if (!isIpv6)
        {
            writer.Reserve(AddressBytes - Ipv4Bytes).Clear();
        }

        if (Address.IsNone)
        {
            writer.UInt32(0);
        }
        else
        {
            writer.Address(Address);
        }

        writer.UInt32(As.Value);
        writer.UInt32(Identifier.Value);
        var microseconds = (Time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        writer.UInt32((uint)(microseconds / 1_000_000));
        writer.UInt32((uint)(microseconds % 1_000_000));
    }
}
