using System.Buffers.Binary;
using Fabric.Datapath;
using Fabric.Wire.Packets;

namespace Fabric.Simulation.Packets;

/// <summary>Which of a data plane's workers a packet goes to: the same for both directions of a connection. What is no IPv4 goes to the first.</summary>
internal static class WorkerChoice
{
    public static int OfFrame(ReadOnlySpan<byte> frame, int workers) =>
        EthernetHeader.TryRead(frame, out var ethernet) && ethernet.Type == EtherType.Ipv4
            ? OfPacket(frame[EthernetHeader.Size..], workers)
            : 0;

    public static int OfTunnel(ReadOnlySpan<byte> packet, int workers)
    {
        var overhead =
            Ipv4Header.TryRead(packet, out var outer) && outer.Protocol == IpProtocol.Udp
                ? HostSettings.MplsOverUdpOverhead
                : HostSettings.MplsOverGreOverhead;
        return packet.Length > overhead ? OfPacket(packet[overhead..], workers) : 0;
    }

    private static int OfPacket(ReadOnlySpan<byte> packet, int workers)
    {
        if (!Ipv4Header.TryRead(packet, out var ipv4))
        {
            return 0;
        }

        var ends = ipv4.Source + ipv4.Destination;
        if (ipv4.Protocol is IpProtocol.Tcp or IpProtocol.Udp)
        {
            var ports = packet[ipv4.HeaderLength..];
            ends += BinaryPrimitives.ReadUInt16BigEndian(ports);
            ends += BinaryPrimitives.ReadUInt16BigEndian(ports[2..]);
        }

        return (int)(ends % (uint)workers);
    }
}
