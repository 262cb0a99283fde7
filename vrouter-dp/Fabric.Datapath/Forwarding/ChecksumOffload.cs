using System.Buffers.Binary;
using Fabric.Wire.Packets;

namespace Fabric.Datapath;

/// <summary>Completes a checksum that a VM left to its device.</summary>
internal static class ChecksumOffload
{
    /// <summary>
    /// The field holds the sum of the pseudo-header (virtio 1.2 section 5.1.6.2), so the sum from the start on is the checksum. False when
    /// the offsets do not lie in the frame behind the IP header.
    /// </summary>
    public static bool TryComplete(Span<byte> frame, in PacketFacts facts, in PacketOffload offload)
    {
        var start = (int)offload.ChecksumStart;
        var end = EthernetHeader.Size + facts.TotalLength;
        if (start < EthernetHeader.Size + facts.HeaderLength || start + offload.ChecksumOffset + 2 > end)
        {
            return false;
        }

        var transport = frame[start..end];
        var checksum = InternetChecksum.Compute(transport);
        BinaryPrimitives.WriteUInt16BigEndian(
            transport[offload.ChecksumOffset..],
            checksum == 0 && facts.Protocol == IpProtocol.Udp ? ushort.MaxValue : checksum
        );
        return true;
    }
}
