using System.Buffers.Binary;
using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>
/// Walks the tunnels of a Tunnel Encapsulation attribute (RFC 9012 section 2), each with where it ends:
/// <code>
/// tunnel:    | tunnel type (2) | length (2) | sub-TLVs (length) |
/// sub-TLV:   | type (1) | length (1; from type 128 on 2) | value (length) |
/// endpoint:  sub-TLV 6: | reserved (4) | address family (2) | address: of 4 octets in family 1, 16 in family 2, none in family 0 |
/// </code>
/// Stops at a tunnel or sub-TLV that is longer than what is left; <see cref="IsOverrun"/> tells. What is said in other sub-TLVs stays unread.
/// </summary>
internal ref struct TunnelReader(ReadOnlySpan<byte> attribute)
{
    private const int HeadBytes = 4;
    private const byte EndpointType = 6;
    private const byte FirstLongType = 128;

    private readonly ReadOnlySpan<byte> _attribute = attribute;
    private ReadOnlySpan<byte> _endpoint;
    private int _next;

    public ushort Type { get; private set; }

    /// <summary>The tunnel with its header.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>It has exactly one Tunnel Egress Endpoint, which has the form of section 3.1; a tunnel without is ignored and not passed on (section 13).</summary>
    public bool HasEndpoint { get; private set; }

    public bool IsOverrun { get; private set; }

    public bool Read()
    {
        var rest = _attribute[_next..];
        if (rest.IsEmpty || IsOverrun)
        {
            return false;
        }

        if (rest.Length < HeadBytes || BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) > rest.Length - HeadBytes)
        {
            IsOverrun = true;
            return false;
        }

        Type = BinaryPrimitives.ReadUInt16BigEndian(rest);
        Bytes = rest[..(HeadBytes + BinaryPrimitives.ReadUInt16BigEndian(rest[2..]))];
        _next += Bytes.Length;
        IsOverrun = !ReadSubTlvs(Bytes[HeadBytes..]);
        return !IsOverrun;
    }

    /// <summary>Whether the tunnel leads to the next hop of its route: by family 0, or by saying its address.</summary>
    public readonly bool EndsAt(IpAddress nextHop) =>
        HasEndpoint
        && TunnelEndpoint.Family(_endpoint) switch
        {
            TunnelEndpoint.NextHop => true,
            TunnelEndpoint.Ipv4 or TunnelEndpoint.Ipv6 => TunnelEndpoint.Address(_endpoint) == nextHop,
            _ => false,
        };

    private bool ReadSubTlvs(ReadOnlySpan<byte> rest)
    {
        var endpoints = 0;
        while (!rest.IsEmpty)
        {
            var headBytes = rest[0] < FirstLongType ? 2 : 3;
            if (rest.Length < headBytes)
            {
                return false;
            }

            var length = headBytes == 2 ? rest[1] : BinaryPrimitives.ReadUInt16BigEndian(rest[1..]);
            if (length > rest.Length - headBytes)
            {
                return false;
            }

            if (rest[0] == EndpointType)
            {
                endpoints++;
                _endpoint = rest.Slice(headBytes, length);
            }

            rest = rest[(headBytes + length)..];
        }

        HasEndpoint = endpoints == 1 && TunnelEndpoint.IsWellFormed(_endpoint);
        return true;
    }
}
