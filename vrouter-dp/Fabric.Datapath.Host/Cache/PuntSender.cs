using System.Buffers.Binary;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Host.Cache;

/// <summary>Who sent a packet that came up, as far as hold queues are concerned.</summary>
internal static class PuntSender
{
    private const int AddressSize = sizeof(uint);
    private const int SourceOffset = 12;
    private const int ProtocolOffset = 9;
    private const int LengthOfGre = Ipv4Header.Size + GreHeader.Size + MplsLabelEntry.Size;
    private const int LengthOfUdp = Ipv4Header.Size + UdpHeader.Size + MplsLabelEntry.Size;

    /// <summary>Of a frame from a virtual interface: the interface.</summary>
    public static ulong OfDevice(uint device) => device;

    /// <summary>
    /// Of a packet of the underlay: its host with the source address inside, where those of our tunnels have one. A host cannot be told
    /// from a tenant's machine by anything else that costs so little, and what is read wrong only shares a queue.
    /// </summary>
    public static ulong OfOuter(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < Ipv4Header.Size)
        {
            return 0;
        }

        var host = BinaryPrimitives.ReadUInt32BigEndian(packet[SourceOffset..]);
        var inner = packet[ProtocolOffset] == (byte)IpProtocol.Udp ? LengthOfUdp : LengthOfGre;
        var source = inner + SourceOffset;
        return packet.Length < source + AddressSize ? host : ((ulong)host << 32) | BinaryPrimitives.ReadUInt32BigEndian(packet[source..]);
    }
}
