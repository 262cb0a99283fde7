using System.Buffers;
using System.Text;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Wire.Bmp;

/// <summary>
/// Writes BMP messages (RFC 7854). Each begins with the common header:
/// <code>
/// | version 3 (1) | length with this header (4) | type (1) |
/// </code>
/// BGP messages in them are whole, with their headers.
/// </summary>
public static class BmpWriter
{
    public const int HeaderBytes = 6;

    private const byte Version = 3;
    private const int InformationHeadBytes = 4;
    private const int AddressBytes = 16;
    private const int Ipv4Bytes = 4;
    private const ushort TextInformation = 0;
    private const ushort DescriptionInformation = 1;
    private const ushort NameInformation = 2;
    private const ushort TerminationReasonInformation = 1;

    /// <summary>The type of the TLV that names a Loc-RIB (RFC 9069 section 4.4).</summary>
    private const ushort TableNameInformation = 3;

    /// <summary>The first message: <code>TLVs: sysDescr (1), sysName (2)</code></summary>
    public static void Initiation(string description, string name, IBufferWriter<byte> output)
    {
        var (first, second) = (Encoding.UTF8.GetBytes(description), Encoding.UTF8.GetBytes(name));
        var writer = Begin(BmpMessageType.Initiation, 2 * InformationHeadBytes + first.Length + second.Length, output);
        Information(ref writer, DescriptionInformation, first);
        Information(ref writer, NameInformation, second);
        output.Advance(writer.Position);
    }

    /// <summary>The last message before the connection closes: <code>TLVs: reason (1), string (0)</code></summary>
    public static void Termination(BmpTerminationReason reason, string words, IBufferWriter<byte> output)
    {
        var text = Encoding.UTF8.GetBytes(words);
        var writer = Begin(BmpMessageType.Termination, 2 * InformationHeadBytes + text.Length + sizeof(ushort), output);
        Information(ref writer, TerminationReasonInformation, [0, (byte)reason]);
        Information(ref writer, TextInformation, text);
        output.Advance(writer.Position);
    }

    /// <summary>
    /// A session is up (RFC 7854 section 4.10):
    /// <code>
    /// | per-peer header | local address (16) | local port (2) | remote port (2) | sent OPEN | received OPEN | TLVs |
    /// </code>
    /// </summary>
    /// <param name="peer">The peer, or the Loc-RIB.</param>
    /// <param name="local">This end of the session; none for a Loc-RIB.</param>
    /// <param name="localPort">Its port.</param>
    /// <param name="remotePort">The peer's port.</param>
    /// <param name="sentOpen">Whole, with its header.</param>
    /// <param name="receivedOpen">Whole; of a Loc-RIB the same as the sent one (RFC 9069 section 4.4).</param>
    /// <param name="tableName">Of a Loc-RIB, where it is required.</param>
    /// <param name="output">Takes the message.</param>
    public static void PeerUp(
        in BmpPeer peer,
        IpAddress local,
        ushort localPort,
        ushort remotePort,
        ReadOnlySpan<byte> sentOpen,
        ReadOnlySpan<byte> receivedOpen,
        string? tableName,
        IBufferWriter<byte> output
    )
    {
        var name = tableName is null ? null : Encoding.UTF8.GetBytes(tableName);
        var body = AddressBytes + 2 * sizeof(ushort) + sentOpen.Length + receivedOpen.Length;
        var writer = Begin(BmpMessageType.PeerUp, peer, body + (name is null ? 0 : InformationHeadBytes + name.Length), output);
        WriteAddress(ref writer, local);
        writer.UInt16(localPort);
        writer.UInt16(remotePort);
        writer.Bytes(sentOpen);
        writer.Bytes(receivedOpen);
        if (name is not null)
        {
            Information(ref writer, TableNameInformation, name);
        }

        output.Advance(writer.Position);
    }

    /// <summary>A session is over: <code>| per-peer header | reason (1) | data |</code></summary>
    /// <param name="data">As the reason asks for it.</param>
    public static void PeerDown(in BmpPeer peer, BmpPeerDownReason reason, ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        var writer = Begin(BmpMessageType.PeerDown, peer, 1 + data.Length, output);
        writer.Byte((byte)reason);
        writer.Bytes(data);
        output.Advance(writer.Position);
    }

    /// <summary>Routes of one of the peer's tables: <code>| per-peer header | UPDATE |</code></summary>
    public static void RouteMonitoring(in BmpPeer peer, ReadOnlySpan<byte> update, IBufferWriter<byte> output)
    {
        var writer = Begin(BmpMessageType.RouteMonitoring, peer, update.Length, output);
        writer.Bytes(update);
        output.Advance(writer.Position);
    }

    /// <summary>Counters and gauges: <code>| per-peer header | count (4) | statistics |</code></summary>
    public static void Statistics(in BmpPeer peer, ReadOnlySpan<BmpStatistic> statistics, IBufferWriter<byte> output)
    {
        var bytes = sizeof(uint);
        foreach (var statistic in statistics)
        {
            bytes += InformationHeadBytes + statistic.ValueBytes;
        }

        var writer = Begin(BmpMessageType.StatisticsReport, peer, bytes, output);
        writer.UInt32((uint)statistics.Length);
        foreach (var statistic in statistics)
        {
            Write(ref writer, statistic);
        }

        output.Advance(writer.Position);
    }

    private static void Write(ref WireWriter writer, in BmpStatistic statistic)
    {
        writer.UInt16(statistic.Type);
        writer.UInt16((ushort)statistic.ValueBytes);
        if (statistic.Family is { } family)
        {
            writer.UInt16(family.Afi);
            writer.Byte(family.Safi);
        }

        if (statistic.IsCounter)
        {
            writer.UInt32((uint)statistic.Value);
        }
        else
        {
            writer.UInt64(statistic.Value);
        }
    }

    private static WireWriter Begin(BmpMessageType type, int bodyBytes, IBufferWriter<byte> output)
    {
        var total = HeaderBytes + bodyBytes;
        var writer = new WireWriter(output.GetSpan(total)[..total]);
        writer.Byte(Version);
        writer.UInt32((uint)total);
        writer.Byte((byte)type);
        return writer;
    }

    private static WireWriter Begin(BmpMessageType type, in BmpPeer peer, int bodyBytes, IBufferWriter<byte> output)
    {
        var writer = Begin(type, BmpPeer.ByteCount + bodyBytes, output);
        peer.Write(ref writer);
        return writer;
    }

    private static void WriteAddress(ref WireWriter writer, IpAddress address)
    {
        if (address.Kind == AddressKind.Ipv6)
        {
            writer.Address(address);
            return;
        }

        writer.Reserve(AddressBytes - Ipv4Bytes).Clear();
        writer.UInt32(address.IsNone ? 0 : address.Ipv4);
    }

    private static void Information(ref WireWriter writer, ushort type, scoped ReadOnlySpan<byte> value)
    {
        writer.UInt16(type);
        writer.UInt16((ushort)value.Length);
        writer.Bytes(value);
    }
}
