using System.Buffers.Binary;
using Fabric.Primitives;

namespace Fabric.Wire.Packets;

/// <summary>
/// A DHCPv4 message (RFC 2131 section 2).
/// <code>
///  offset  bytes
///    0      1 op (1 request, 2 reply)   1      1 htype   2  1 hlen   3  1 hops
///    4      4 xid                       8      2 secs   10  2 flags (0x8000 broadcast)
///   12      4 ciaddr                   16      4 yiaddr
///   20      4 siaddr                   24      4 giaddr
///   28     16 chaddr                   44     64 sname
///  108    128 file                    236      4 cookie 0x63825363
///  240      … options
/// </code>
/// </summary>
public readonly ref struct DhcpMessage
{
    public const int OptionsOffset = 240;
    public const byte Request = 1;
    public const byte Reply = 2;
    public const ushort BroadcastFlag = 0x8000;
    private const uint Cookie = 0x6382_5363;
    private const int ServerName = 44;
    private const int BootFile = 108;
    private const int CookieOffset = 236;

    private readonly ReadOnlySpan<byte> message;

    private DhcpMessage(ReadOnlySpan<byte> message) => this.message = message;

    public byte Operation => message[0];

    public uint TransactionId => BinaryPrimitives.ReadUInt32BigEndian(message[4..]);

    public ushort Flags => BinaryPrimitives.ReadUInt16BigEndian(message[10..]);

    public uint ClientAddress => BinaryPrimitives.ReadUInt32BigEndian(message[12..]);

    public uint RelayAddress => BinaryPrimitives.ReadUInt32BigEndian(message[24..]);

    public MacAddress ClientMac => MacAddress.Read(message[28..]);

    /// <summary>Those of the field of options, then those that it says are in the file field and in that of the server's name (RFC 2131 section 4.1).</summary>
    public DhcpOptionReader Options => new(message[OptionsOffset..], message[BootFile..CookieOffset], message[ServerName..BootFile]);

    /// <summary>Reads a message of an Ethernet client; false when it is short, has no DHCP cookie, or another hardware type.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out DhcpMessage dhcp)
    {
        if (
            bytes.Length < OptionsOffset
            || bytes[1] != 1
            || bytes[2] != 6
            || BinaryPrimitives.ReadUInt32BigEndian(bytes[CookieOffset..]) != Cookie
        )
        {
            dhcp = default;
            return false;
        }

        dhcp = new DhcpMessage(bytes);
        return true;
    }

    /// <summary>The bytes of an option, or empty when it is not there; the first of several counts.</summary>
    public ReadOnlySpan<byte> Option(DhcpOption code)
    {
        var options = Options;
        while (options.TryRead(out var next, out var value))
        {
            if (next == code)
            {
                return value;
            }
        }

        return [];
    }

    /// <summary>Whether the client asks for an option. A list of more than 255 bytes comes as several options (RFC 3396).</summary>
    public bool Wants(DhcpOption wanted)
    {
        var options = Options;
        while (options.TryRead(out var next, out var value))
        {
            if (next == DhcpOption.ParameterRequestList && value.Contains((byte)wanted))
            {
                return true;
            }
        }

        return false;
    }

    public uint AddressOption(DhcpOption code) => BinaryPrimitives.TryReadUInt32BigEndian(Option(code), out var address) ? address : 0;

    public DhcpMessageType Type => Option(DhcpOption.MessageType) is { Length: 1 } type ? (DhcpMessageType)type[0] : DhcpMessageType.None;

    /// <summary>Writes the fixed part of a reply; options follow at <see cref="OptionsOffset"/>.</summary>
    public static void WriteReply(
        Span<byte> bytes,
        uint transactionId,
        ushort flags,
        uint yourAddress,
        uint serverAddress,
        MacAddress client
    )
    {
        bytes[..OptionsOffset].Clear();
        bytes[0] = Reply;
        bytes[1] = 1;
        bytes[2] = 6;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], transactionId);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[10..], flags);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[16..], yourAddress);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[20..], serverAddress);
        client.Write(bytes[28..]);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[CookieOffset..], Cookie);
    }
}
