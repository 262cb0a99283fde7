using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Fabric.Datapath.Host.Netlink;

/// <summary>
/// Builds a request to rtnetlink: struct nlmsghdr, a family header, attributes. Integers are in host order, attributes padded to four bytes.
/// <code>
///  0        4      6       8          12    16
/// | length | type | flags | sequence | port | family header | attributes: length 2, type 2, value |
/// </code>
/// </summary>
internal ref struct NetlinkRequest
{
    private const int HeaderSize = 16;
    private const ushort FlagRequest = 1;

    private readonly Span<byte> _buffer;
    private int _length;

    /// <param name="buffer">Room for the whole message.</param>
    /// <param name="type">RTM_GET...</param>
    /// <param name="familyHeader">struct rtmsg, struct ifinfomsg and the like.</param>
    public NetlinkRequest(Span<byte> buffer, ushort type, ReadOnlySpan<byte> familyHeader)
    {
        _buffer = buffer;
        buffer[..HeaderSize].Clear();
        MemoryMarshal.Write(buffer[4..], type);
        MemoryMarshal.Write(buffer[6..], FlagRequest);
        familyHeader.CopyTo(buffer[HeaderSize..]);
        _length = HeaderSize + familyHeader.Length;
    }

    /// <summary>Adds an attribute whose value is an IPv4 address (network order on the wire).</summary>
    public void AddAddress(ushort type, uint address)
    {
        MemoryMarshal.Write(_buffer[_length..], (ushort)8);
        MemoryMarshal.Write(_buffer[(_length + 2)..], type);
        BinaryPrimitives.WriteUInt32BigEndian(_buffer[(_length + 4)..], address);
        _length += 8;
    }

    public readonly ReadOnlySpan<byte> Finish()
    {
        MemoryMarshal.Write(_buffer, _length);
        return _buffer[.._length];
    }
}

/// <summary>An answer of rtnetlink, read without trust in its lengths.</summary>
internal readonly ref struct NetlinkAnswer
{
    private const int HeaderSize = 16;

    private NetlinkAnswer(ushort type, ReadOnlySpan<byte> body)
    {
        Type = type;
        Body = body;
    }

    /// <summary>RTM_NEW..., or NLMSG_ERROR (2).</summary>
    public ushort Type { get; }

    /// <summary>The family header and the attributes.</summary>
    public ReadOnlySpan<byte> Body { get; }

    public static bool TryRead(ReadOnlySpan<byte> message, out NetlinkAnswer answer)
    {
        answer = default;
        if (
            message.Length < HeaderSize
            || MemoryMarshal.Read<int>(message) is var length && (length < HeaderSize || length > message.Length)
        )
        {
            return false;
        }

        answer = new NetlinkAnswer(MemoryMarshal.Read<ushort>(message[4..]), message[HeaderSize..MemoryMarshal.Read<int>(message)]);
        return true;
    }

    /// <summary>The value of the first attribute of a type among those behind a header of so many bytes; empty when there is none.</summary>
    public ReadOnlySpan<byte> Attribute(int familyHeaderSize, ushort type) =>
        Body.Length < familyHeaderSize ? [] : Find(Body[familyHeaderSize..], type);

    /// <summary>The value of the first attribute of a type; empty when there is none.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> attributes, ushort type)
    {
        const ushort TypeMask = 0x3FFF;
        while (attributes.Length >= 4)
        {
            var length = MemoryMarshal.Read<ushort>(attributes);
            if (length < 4 || length > attributes.Length)
            {
                return [];
            }

            if ((MemoryMarshal.Read<ushort>(attributes[2..]) & TypeMask) == type)
            {
                return attributes[4..length];
            }

            attributes = attributes[Math.Min((length + 3) & ~3, attributes.Length)..];
        }

        return [];
    }
}
