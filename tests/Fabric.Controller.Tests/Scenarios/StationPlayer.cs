using System.Buffers.Binary;
using System.Net;
using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Runtime;
using Fabric.Simulation.Kernel;
using Fabric.Wire.Bgp;
using Fabric.Wire.Bmp;

namespace Fabric.Controller.Tests.Scenarios;

/// <summary>A BMP station (RFC 7854) that notes in words what it is told.</summary>
internal sealed class StationPlayer : IConnectionHandler
{
    private const byte AdjRibOutFlag = 0x10;
    private const byte PostPolicyFlag = 0x40;

    private UpdateDecoder? _decoder;

    public StationPlayer(Scene scene)
    {
        var loop = new SimLoop(scene.Scheduler, new SimClock(scene.Scheduler));
        scene.Network.TransportOf("station", Address).Listen(new IPEndPoint(Address, 11019), loop, _ => this);
    }

    public static IPAddress Address { get; } = IPAddress.Parse("192.0.2.50");

    /// <summary>Families that the OPENs of all neighbours agree on path identifiers for.</summary>
    public EquatableArray<AddressFamily> PathIds { get; init; }

    public List<string> Heard { get; } = [];

    public int Connections { get; private set; }

    public string[] Take()
    {
        var heard = Heard.ToArray();
        Heard.Clear();
        return heard;
    }

    void IConnectionHandler.OnOpened(IConnection connection) => Connections++;

    int IConnectionHandler.OnReceived(IConnection connection, ReadOnlySpan<byte> bytes)
    {
        var consumed = 0;
        while (bytes.Length - consumed >= BmpWriter.HeaderBytes)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes[(consumed + 1)..]);
            if (length > bytes.Length - consumed)
            {
                break;
            }

            Note((BmpMessageType)bytes[consumed + 5], bytes.Slice(consumed + BmpWriter.HeaderBytes, length - BmpWriter.HeaderBytes));
            consumed += length;
        }

        return consumed;
    }

    void IConnectionHandler.OnWritable(IConnection connection) { }

    void IConnectionHandler.OnSecured(IConnection connection, IReadOnlyList<string> peerNames) { }

    void IConnectionHandler.OnClosed(IConnection connection, string reason) => Heard.Add("closed");

    private void Note(BmpMessageType type, ReadOnlySpan<byte> body)
    {
        if (type is BmpMessageType.Initiation or BmpMessageType.Termination)
        {
            Heard.Add(type == BmpMessageType.Initiation ? "initiation" : "termination");
            return;
        }

        var who =
            body[0] == (byte)BmpPeerType.LocRib
                ? "loc-rib"
                : IpAddress.FromIpv4(BinaryPrimitives.ReadUInt32BigEndian(body[22..])).ToString();
        var rest = body[BmpPeer.ByteCount..];
        switch (type)
        {
            case BmpMessageType.PeerUp:
                Heard.Add($"{who} up");
                break;
            case BmpMessageType.PeerDown:
                Heard.Add($"{who} down, reason {rest[0]}");
                break;
            case BmpMessageType.StatisticsReport:
                Heard.Add($"{who} has {BinaryPrimitives.ReadUInt32BigEndian(rest)} statistics");
                break;
            default:
                NoteRoutes(who + Table(body[0], body[1]), rest);
                break;
        }
    }

    private static string Table(byte type, byte flags) =>
        type == (byte)BmpPeerType.LocRib ? ""
        : (flags & AdjRibOutFlag) != 0 ? " out"
        : (flags & PostPolicyFlag) != 0 ? " post"
        : " pre";

    private void NoteRoutes(string who, ReadOnlySpan<byte> message)
    {
        _decoder ??= new UpdateDecoder(
            new AttributeInterner(),
            new UpdateContext(FourOctetAs: true, IsInternal: true, [.. RoutingCore.Families]) { AddPathFamilies = PathIds }
        );
        var update = _decoder.Decode(message[MessageFrame.HeaderBytes..]);
        if (update.EndOfRib is { } complete)
        {
            Heard.Add($"{who} end-of-rib {complete}");
        }

        foreach (var block in update)
        {
            if (block.Family == AddressFamily.RouteTargetMembership)
            {
                continue;
            }

            foreach (var route in GatewayPlayer.NamesOf(block))
            {
                Heard.Add($"{who} {(block.IsWithdrawal ? '-' : '+')}{route}");
            }
        }
    }
}
