using System.Buffers.Binary;

namespace Fabric.Bench.Load;

/// <summary>
/// Encodes the messages of the load sessions (RFC 4271 section 4, RFC 4760, RFC 4364, RFC 8277).
/// <code>
/// UPDATE of a set:  header(19) 0(2) length(2) MP_REACH(4 + 17 + 16 a route) ORIGIN(4) AS_PATH(3) MED(7) LOCAL_PREF(7)
///                   COMMUNITIES(7) EXTENDED_COMMUNITIES(11)
/// VPNv4 NLRI:       120(1) label(3) RD(8) address(4)
/// </code>
/// </summary>
internal static class UpdateEncoder
{
    public const int HeaderLength = 19;
    public const int NlriLength = 16;
    public const byte NlriBits = 120;
    private const int ReachHeader = 4 + 17;
    private const int OtherAttributes = 4 + 3 + 7 + 7 + 7 + 11;
    private const int MedFromEnd = 11 + 7 + 7 + 4;
    private const int MaxMessage = 4096;
    private const int WithdrawnPerMessage = (MaxMessage - HeaderLength - 4 - 7) / NlriLength;

    // RFC 8277 section 2.4: the label of a withdrawn route.
    private const uint WithdrawnLabel = 0x800000;

    public static int LengthOf(int routes) => HeaderLength + 4 + ReachHeader + (routes * NlriLength) + OtherAttributes;

    /// <summary>One set's UPDATE; <paramref name="target"/> has <see cref="LengthOf"/> octets.</summary>
    public static void WriteSet(Span<byte> target, RouteTable table, int set)
    {
        var routes = table.RoutesIn(set);
        WriteHeader(target, (ushort)LengthOf(routes), MessageType.Update);
        var body = target[HeaderLength..];
        BinaryPrimitives.WriteUInt16BigEndian(body, 0);
        BinaryPrimitives.WriteUInt16BigEndian(body[2..], (ushort)(body.Length - 4));
        var reach = body[4..];
        WriteExtendedHead(reach, 14, (ushort)(ReachHeader - 4 + (routes * NlriLength)));
        ReadOnlySpan<byte> familyAndDistinguisher = [0, 1, 128, 12, 0, 0, 0, 0, 0, 0, 0, 0];
        familyAndDistinguisher.CopyTo(reach[4..]);
        BinaryPrimitives.WriteUInt32BigEndian(reach[16..], RouteTable.NextHopOf(table.SenderOf(set)));
        reach[20] = 0;
        var nlri = reach[ReachHeader..];
        for (var index = 0; index < routes; index++)
        {
            var route = (set * RouteTable.RoutesPerSet) + index;
            WriteNlri(nlri[(index * NlriLength)..], (table.LabelOf(route) << 4) | 1, set, route);
        }

        WriteOtherAttributes(nlri[(routes * NlriLength)..], set, table.RouteTargetOf(set));
    }

    /// <summary>Another MED in an UPDATE that <see cref="WriteSet"/> wrote.</summary>
    public static void SetMed(Span<byte> update, uint med) =>
        BinaryPrimitives.WriteUInt32BigEndian(update[(update.Length - MedFromEnd)..], med);

    /// <summary>All of a sender's UPDATEs, one after the other.</summary>
    public static byte[] Table(RouteTable table, int sender)
    {
        var (first, end) = table.SetsOf(sender);
        var length = LengthOf(RouteTable.RoutesPerSet);
        var bytes = new byte[(end - first) * length];
        for (var set = first; set < end; set++)
        {
            WriteSet(bytes.AsSpan((set - first) * length, length), table, set);
        }

        return bytes;
    }

    /// <summary>Withdraws all of a sender's routes, and its probes.</summary>
    public static byte[] Withdrawals(RouteTable table, int sender)
    {
        var (first, end) = table.SetsOf(sender);
        var routes = Enumerable.Range(first * RouteTable.RoutesPerSet, (end - first) * RouteTable.RoutesPerSet);
        if (sender == 0)
        {
            routes = routes.Concat(Enumerable.Range(table.LoadedSets, table.Probes).Select(set => set * RouteTable.RoutesPerSet));
        }

        using var bytes = new MemoryStream();
        foreach (var part in routes.Chunk(WithdrawnPerMessage))
        {
            bytes.Write(Withdrawal(part));
        }

        return bytes.ToArray();
    }

    /// <summary>End-of-RIB of VPNv4 (RFC 4724 section 2).</summary>
    public static byte[] EndOfRib() => Withdrawal([]);

    public static byte[] KeepAlive()
    {
        var message = new byte[HeaderLength];
        WriteHeader(message, HeaderLength, MessageType.KeepAlive);
        return message;
    }

    /// <summary>OPEN with VPNv4, route refresh and 4-octet AS numbers; a hold time of an hour, so that no KEEPALIVE is due in a run.</summary>
    public static byte[] Open(uint identifier)
    {
        ReadOnlySpan<byte> capabilities =
        [
            2,
            14,
            1,
            4,
            0,
            1,
            0,
            128,
            2,
            0,
            65,
            4,
            0,
            0,
            RouteTable.AutonomousSystem >> 8,
            RouteTable.AutonomousSystem & 0xFF,
        ];
        var message = new byte[HeaderLength + 10 + capabilities.Length];
        WriteHeader(message, (ushort)message.Length, MessageType.Open);
        var body = message.AsSpan(HeaderLength);
        body[0] = 4;
        BinaryPrimitives.WriteUInt16BigEndian(body[1..], RouteTable.AutonomousSystem);
        BinaryPrimitives.WriteUInt16BigEndian(body[3..], 3600);
        BinaryPrimitives.WriteUInt32BigEndian(body[5..], identifier);
        body[9] = (byte)capabilities.Length;
        capabilities.CopyTo(body[10..]);
        return message;
    }

    private static byte[] Withdrawal(int[] routes)
    {
        var message = new byte[HeaderLength + 4 + 7 + (routes.Length * NlriLength)];
        WriteHeader(message, (ushort)message.Length, MessageType.Update);
        var body = message.AsSpan(HeaderLength);
        BinaryPrimitives.WriteUInt16BigEndian(body[2..], (ushort)(body.Length - 4));
        WriteExtendedHead(body[4..], 15, (ushort)(body.Length - 8));
        ReadOnlySpan<byte> family = [0, 1, 128];
        family.CopyTo(body[8..]);
        for (var index = 0; index < routes.Length; index++)
        {
            WriteNlri(body[(11 + (index * NlriLength))..], WithdrawnLabel, routes[index] / RouteTable.RoutesPerSet, routes[index]);
        }

        return message;
    }

    private static void WriteHeader(Span<byte> target, ushort length, MessageType type)
    {
        target[..16].Fill(0xFF);
        BinaryPrimitives.WriteUInt16BigEndian(target[16..], length);
        target[18] = (byte)type;
    }

    // Optional, not transitive, with a length of two octets.
    private static void WriteExtendedHead(Span<byte> target, byte type, ushort length)
    {
        target[0] = 0x90;
        target[1] = type;
        BinaryPrimitives.WriteUInt16BigEndian(target[2..], length);
    }

    private static void WriteNlri(Span<byte> target, uint labelField, int set, int route)
    {
        BinaryPrimitives.WriteUInt32BigEndian(target, ((uint)NlriBits << 24) | labelField);
        BinaryPrimitives.WriteUInt64BigEndian(target[4..], RouteTable.RouteDistinguisherOf(set));
        BinaryPrimitives.WriteUInt32BigEndian(target[12..], RouteTable.FirstAddress + (uint)route);
    }

    private static void WriteOtherAttributes(Span<byte> target, int set, ulong routeTarget)
    {
        ReadOnlySpan<byte> fixedPart =
        [
            .. (ReadOnlySpan<byte>)[0x40, 1, 1, 0],
            .. (ReadOnlySpan<byte>)[0x40, 2, 0],
            .. (ReadOnlySpan<byte>)[0x80, 4, 4, 0, 0, 0, (byte)RouteTable.LoadedMed],
            .. (ReadOnlySpan<byte>)[0x40, 5, 4, 0, 0, 0, 100],
            .. (ReadOnlySpan<byte>)[0xC0, 8, 4],
        ];
        fixedPart.CopyTo(target);
        BinaryPrimitives.WriteUInt32BigEndian(target[24..], RouteTable.CommunityOf(set));
        ReadOnlySpan<byte> extendedCommunities = [0xC0, 16, 8];
        extendedCommunities.CopyTo(target[28..]);
        BinaryPrimitives.WriteUInt64BigEndian(target[31..], routeTarget);
    }
}
