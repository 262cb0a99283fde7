using System.Buffers;
using System.Text;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Wire.Mrt;

/// <summary>
/// Writes MRT records (RFC 6396), each behind the common header:
/// <code>
/// | seconds (4) | type (2) | subtype (2) | length without this header (4) |
/// </code>
/// </summary>
public static class MrtWriter
{
    internal const ushort TableDumpV2 = 13;

    private const int HeaderBytes = 12;
    private const ushort PeerIndexTableSubtype = 1;
    private const ushort Bgp4Mp = 16;
    private const ushort MessageSubtype = 1;
    private const ushort MessageAs4Subtype = 4;
    private const ushort StateChangeAs4Subtype = 5;
    private const ushort MessageAddPathSubtype = 8;
    private const ushort MessageAs4AddPathSubtype = 9;
    private const byte Ipv6Peer = 1;
    private const byte FourOctetAsPeer = 2;

    /// <summary>
    /// The first record of a table dump; the entries of routes refer to a peer by its place:
    /// <code>
    /// | collector's BGP identifier (4) | view name's length (2) | view name | count (2) | peers |
    /// </code>
    /// </summary>
    public static void PeerIndexTable(
        DateTimeOffset time,
        BgpIdentifier collector,
        string view,
        ReadOnlySpan<MrtPeer> peers,
        IBufferWriter<byte> output
    )
    {
        var name = Encoding.UTF8.GetBytes(view);
        var bytes = sizeof(uint) + 2 * sizeof(ushort) + name.Length;
        foreach (var peer in peers)
        {
            bytes += peer.ByteCount;
        }

        var writer = Begin(time, TableDumpV2, PeerIndexTableSubtype, bytes, output);
        writer.UInt32(collector.Value);
        writer.UInt16((ushort)name.Length);
        writer.Bytes(name);
        writer.UInt16((ushort)peers.Length);
        foreach (var peer in peers)
        {
            writer.Byte((byte)(FourOctetAsPeer | (peer.Address.IsIpv4 ? 0 : Ipv6Peer)));
            writer.UInt32(peer.Identifier.Value);
            writer.Address(peer.Address);
            writer.UInt32(peer.As.Value);
        }

        output.Advance(writer.Position);
    }

    /// <summary>
    /// A BGP message as it came over a session, BGP4MP_MESSAGE_AS4, or BGP4MP_MESSAGE with AS numbers of two octets; with path identifiers
    /// BGP4MP_MESSAGE_AS4_ADDPATH or BGP4MP_MESSAGE_ADDPATH (RFC 8050 section 3):
    /// <code>
    /// | peer AS (4 or 2) | local AS | interface (2) | AFI (2) | peer address | local address | message |
    /// </code>
    /// </summary>
    /// <param name="time">When it was seen.</param>
    /// <param name="peer">The far end.</param>
    /// <param name="local">This end; of the same address family.</param>
    /// <param name="isFourOctetAs">How AS numbers in the message are written.</param>
    /// <param name="hasPathIds">Whether its NLRI have path identifiers (RFC 7911).</param>
    /// <param name="message">Whole, with its header.</param>
    /// <param name="output">Takes the record.</param>
    public static void Message(
        DateTimeOffset time,
        in MrtPeer peer,
        in MrtPeer local,
        bool isFourOctetAs,
        bool hasPathIds,
        ReadOnlySpan<byte> message,
        IBufferWriter<byte> output
    )
    {
        var subtype = (isFourOctetAs, hasPathIds) switch
        {
            (true, false) => MessageAs4Subtype,
            (true, true) => MessageAs4AddPathSubtype,
            (false, false) => MessageSubtype,
            (false, true) => MessageAddPathSubtype,
        };
        var writer = Begin(time, Bgp4Mp, subtype, EndsBytes(peer, isFourOctetAs) + message.Length, output);
        Ends(ref writer, peer, local, isFourOctetAs);
        writer.Bytes(message);
        output.Advance(writer.Position);
    }

    /// <summary>
    /// A session went from one state to another, BGP4MP_STATE_CHANGE_AS4:
    /// <code>
    /// | peer AS (4) | local AS (4) | interface (2) | AFI (2) | peer address | local address | former state (2) | new state (2) |
    /// </code>
    /// </summary>
    public static void StateChange(
        DateTimeOffset time,
        in MrtPeer peer,
        in MrtPeer local,
        MrtSessionState former,
        MrtSessionState latter,
        IBufferWriter<byte> output
    )
    {
        var writer = Begin(time, Bgp4Mp, StateChangeAs4Subtype, EndsBytes(peer, isFourOctetAs: true) + 2 * sizeof(ushort), output);
        Ends(ref writer, peer, local, isFourOctetAs: true);
        writer.UInt16((ushort)former);
        writer.UInt16((ushort)latter);
        output.Advance(writer.Position);
    }

    internal static WireWriter Begin(DateTimeOffset time, ushort type, ushort subtype, int bodyBytes, IBufferWriter<byte> output)
    {
        var total = HeaderBytes + bodyBytes;
        var writer = new WireWriter(output.GetSpan(total)[..total]);
        writer.UInt32((uint)time.ToUnixTimeSeconds());
        writer.UInt16(type);
        writer.UInt16(subtype);
        writer.UInt32((uint)bodyBytes);
        return writer;
    }

    private static int EndsBytes(in MrtPeer peer, bool isFourOctetAs) =>
        2 * (isFourOctetAs ? sizeof(uint) : sizeof(ushort)) + 2 * sizeof(ushort) + 2 * peer.Address.ByteCount;

    private static void Ends(ref WireWriter writer, in MrtPeer peer, in MrtPeer local, bool isFourOctetAs)
    {
        As(ref writer, peer.As, isFourOctetAs);
        As(ref writer, local.As, isFourOctetAs);
        writer.UInt16(0);
        writer.UInt16((ushort)(peer.Address.IsIpv4 ? 1 : 2));
        writer.Address(peer.Address);
        writer.Address(local.Address);
    }

    private static void As(ref WireWriter writer, AsNumber value, bool isFourOctet)
    {
        if (isFourOctet)
        {
            writer.UInt32(value.Value);
        }
        else
        {
            writer.UInt16(value.FitsTwoOctets ? (ushort)value.Value : AsNumber.Trans);
        }
    }
}
