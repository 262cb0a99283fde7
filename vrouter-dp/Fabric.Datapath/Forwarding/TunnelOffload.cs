using Fabric.Wire.Packets;

namespace Fabric.Datapath;

/// <summary>
/// What the sender of a packet inside a tunnel left for its receiver to do. A wire carries none such; it comes from a host on the same
/// machine, whose programs put the headers of the tunnel before a large packet and left it whole.
/// </summary>
internal static class TunnelOffload
{
    /// <param name="facts">The packet in the tunnel.</param>
    /// <param name="offload">What is left to do; offsets count from its IPv4 header.</param>
    /// <param name="ofFrame">The same of the Ethernet frame that the VM is given.</param>
    /// <returns>False when it does not fit the packet.</returns>
    public static bool TryTake(in PacketFacts facts, in PacketOffload offload, out PacketOffload ofFrame)
    {
        ofFrame = default;
        var (segmentation, checksumOffset) = facts.Protocol switch
        {
            IpProtocol.Tcp => (OffloadFlags.TcpSegmentation, TcpHeader.ChecksumOffset),
            IpProtocol.Udp => (OffloadFlags.UdpSegmentation, UdpHeader.ChecksumOffset),
            _ => (OffloadFlags.None, 0),
        };
        if (
            offload.Flags != (segmentation | OffloadFlags.NeedsChecksum)
            || offload.SegmentSize == 0
            || offload.ChecksumStart != facts.HeaderLength
            || offload.ChecksumOffset != checksumOffset
            || facts.IsFragment
        )
        {
            return false;
        }

        ofFrame = offload with
        {
            ChecksumStart = (ushort)(EthernetHeader.Size + offload.ChecksumStart),
            HeaderLength = (ushort)(EthernetHeader.Size + offload.HeaderLength),
        };
        return true;
    }
}
