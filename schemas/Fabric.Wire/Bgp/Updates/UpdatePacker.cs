using System.Buffers;
using System.Buffers.Binary;
using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>What packing came to: UPDATEs written, and routes whose attributes leave no room for them in a message (RFC 4271 section 9.2).</summary>
public readonly record struct PackOutcome(int Messages, int TooLongRoutes);

/// <summary>
/// Packs the routes of one family and one attribute set into as few UPDATEs as hold them. MP_REACH_NLRI and MP_UNREACH_NLRI go first
/// (RFC 7606 section 5.1); IPv4 unicast with an IPv4 next hop uses the message's own fields (RFC 4271 section 4.3).
/// </summary>
public static class UpdatePacker
{
    private const int EmptyUpdateBytes = MessageFrame.HeaderBytes + 4;

    // Flags, type, two octets of length, AFI and SAFI.
    private const int MpHeadBytes = 7;

    /// <summary>Writes the messages that make the routes reachable.</summary>
    public static PackOutcome Advertise<TNlri>(
        AddressFamily family,
        PathAttributes attributes,
        ReadOnlySpan<TNlri> routes,
        UpdateEncoding encoding,
        IBufferWriter<byte> output
    )
        where TNlri : struct, INlri<TNlri>
    {
        var classic = IsClassic(family) && attributes.NextHop.IsIpv4;
        return Advertise(family, attributes.NextHop, encoding.Encode(attributes, withNextHop: classic), routes, encoding, output);
    }

    /// <summary>The same for a set of <see cref="StoredAttributes"/>, whose attributes are copied as they stand where that can be.</summary>
    public static PackOutcome Advertise<TNlri>(
        AddressFamily family,
        ReadOnlySpan<byte> stored,
        ReadOnlySpan<TNlri> routes,
        UpdateEncoding encoding,
        IBufferWriter<byte> output
    )
        where TNlri : struct, INlri<TNlri> =>
        stored.Length > StoredAttributes.MaxBytes ? new PackOutcome(0, routes.Length)
        : encoding.FourOctetAs && !IsClassic(family)
            ? Advertise(family, StoredAttributes.NextHop(stored), StoredAttributes.AttributesOf(stored), routes, encoding, output)
        : Advertise(family, StoredAttributes.Read(stored), routes, encoding, output);

    private static PackOutcome Advertise<TNlri>(
        AddressFamily family,
        IpAddress nextHop,
        ReadOnlySpan<byte> encoded,
        ReadOnlySpan<TNlri> routes,
        UpdateEncoding encoding,
        IBufferWriter<byte> output
    )
        where TNlri : struct, INlri<TNlri>
    {
        var classic = IsClassic(family) && nextHop.IsIpv4;
        Span<byte> mpHead = stackalloc byte[64];
        mpHead = classic ? default : mpHead[..WriteReachHead(mpHead, family, nextHop)];
        var room = encoding.MaxMessageBytes - EmptyUpdateBytes - encoded.Length - mpHead.Length;
        var messages = 0;
        var tooLong = 0;
        while (!routes.IsEmpty)
        {
            var (count, nlriBytes) = Fit(routes, room);
            if (count == 0)
            {
                tooLong++;
                routes = routes[1..];
                continue;
            }

            var total = encoding.MaxMessageBytes - room + nlriBytes;
            var message = output.GetSpan(total)[..total];
            var writer = Begin(message, withdrawnBytes: 0);
            writer.UInt16((ushort)(encoded.Length + mpHead.Length + (classic ? 0 : nlriBytes)));
            if (classic)
            {
                writer.Bytes(encoded);
                Write(ref writer, routes[..count], withdraw: false);
            }
            else
            {
                WriteMp(ref writer, mpHead, nlriBytes);
                Write(ref writer, routes[..count], withdraw: false);
                writer.Bytes(encoded);
            }

            output.Advance(total);
            messages++;
            routes = routes[count..];
        }

        return new PackOutcome(messages, tooLong);
    }

    /// <summary>Writes the messages that withdraw the routes, about 250 VPN host routes in each.</summary>
    public static PackOutcome Withdraw<TNlri>(
        AddressFamily family,
        ReadOnlySpan<TNlri> routes,
        UpdateEncoding encoding,
        IBufferWriter<byte> output
    )
        where TNlri : struct, INlri<TNlri>
    {
        var classic = IsClassic(family);
        Span<byte> mpHead = stackalloc byte[MpHeadBytes];
        mpHead = classic ? default : mpHead;
        if (!classic)
        {
            WriteMpHead(mpHead, AttributeType.MpUnreachNlri, family);
        }

        var room = encoding.MaxMessageBytes - EmptyUpdateBytes - mpHead.Length;
        var messages = 0;
        while (!routes.IsEmpty)
        {
            var (count, nlriBytes) = Fit(routes, room);
            var total = EmptyUpdateBytes + mpHead.Length + nlriBytes;
            var message = output.GetSpan(total)[..total];
            var writer = Begin(message, classic ? nlriBytes : 0);
            if (classic)
            {
                Write(ref writer, routes[..count], withdraw: true);
                writer.UInt16(0);
            }
            else
            {
                writer.UInt16((ushort)(mpHead.Length + nlriBytes));
                WriteMp(ref writer, mpHead, nlriBytes);
                Write(ref writer, routes[..count], withdraw: true);
            }

            output.Advance(total);
            messages++;
            routes = routes[count..];
        }

        return new PackOutcome(messages, 0);
    }

    /// <summary>Writes the End-of-RIB marker of a family (RFC 4724 section 2): an empty UPDATE, or one with an empty MP_UNREACH_NLRI.</summary>
    public static void EndOfRib(AddressFamily family, IBufferWriter<byte> output)
    {
        var mpBytes = IsClassic(family) ? 0 : MpHeadBytes;
        var total = EmptyUpdateBytes + mpBytes;
        var writer = Begin(output.GetSpan(total)[..total], withdrawnBytes: 0);
        writer.UInt16((ushort)mpBytes);
        if (mpBytes > 0)
        {
            var head = writer.Reserve(MpHeadBytes);
            WriteMpHead(head, AttributeType.MpUnreachNlri, family);
            BinaryPrimitives.WriteUInt16BigEndian(head[2..], MpHeadBytes - 4);
        }

        output.Advance(total);
    }

    private static bool IsClassic(AddressFamily family) => family == AddressFamily.Ipv4Unicast;

    private static WireWriter Begin(Span<byte> message, int withdrawnBytes)
    {
        MessageFrame.WriteHeader(message, MessageType.Update, message.Length);
        var writer = new WireWriter(message);
        writer.Reserve(MessageFrame.HeaderBytes);
        writer.UInt16((ushort)withdrawnBytes);
        return writer;
    }

    private static (int Count, int Bytes) Fit<TNlri>(ReadOnlySpan<TNlri> routes, int room)
        where TNlri : struct, INlri<TNlri>
    {
        var bytes = 0;
        for (var count = 0; count < routes.Length; count++)
        {
            var more = bytes + routes[count].ByteCount;
            if (more > room)
            {
                return (count, bytes);
            }

            bytes = more;
        }

        return (routes.Length, bytes);
    }

    private static void Write<TNlri>(ref WireWriter writer, ReadOnlySpan<TNlri> routes, bool withdraw)
        where TNlri : struct, INlri<TNlri>
    {
        foreach (ref readonly var route in routes)
        {
            route.Write(writer.Reserve(route.ByteCount), withdraw);
        }
    }

    private static void WriteMp(ref WireWriter writer, scoped ReadOnlySpan<byte> head, int nlriBytes)
    {
        var destination = writer.Reserve(head.Length);
        head.CopyTo(destination);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)(head.Length - 4 + nlriBytes));
    }

    private static void WriteMpHead(Span<byte> destination, AttributeType type, AddressFamily family)
    {
        destination[0] = (byte)(AttributeFlags.Optional | AttributeFlags.ExtendedLength);
        destination[1] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], family.Afi);
        destination[6] = family.Safi;
    }

    private static int WriteReachHead(Span<byte> destination, AddressFamily family, IpAddress nextHop)
    {
        WriteMpHead(destination, AttributeType.MpReachNlri, family);
        var position = MpHeadBytes + 1;
        if (MpNlri.IsVpn(family))
        {
            destination.Slice(position, RouteDistinguisher.ByteCount).Clear();
            position += RouteDistinguisher.ByteCount;
        }

        position += WriteNextHop(destination[position..], family, nextHop);
        destination[MpHeadBytes] = (byte)(position - MpHeadBytes - 1);
        destination[position] = 0;
        return position + 1;
    }

    // An IPv6 family over IPv4 has its next hop as an IPv4-mapped address (RFC 4659 section 3.2.1.2, RFC 4798).
    private static int WriteNextHop(Span<byte> destination, AddressFamily family, IpAddress nextHop)
    {
        const ulong mappedPrefix = 0xFFFF_0000_0000;
        var mapped = family.Afi == 2 && nextHop.IsIpv4 ? IpAddress.FromIpv6(mappedPrefix | nextHop.Ipv4) : nextHop;
        return mapped.Write(destination);
    }
}
