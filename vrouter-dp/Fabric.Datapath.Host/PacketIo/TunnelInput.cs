using System.Buffers.Binary;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Host.PacketIo;

/// <summary>
/// Hands packets of the underlay to the pipeline, whole but for what they have in their tunnel. From a wire they are whole; a sender on the same
/// machine, or a kernel that joined what it received, leaves checksums to be completed and trains to be cut apart.
/// </summary>
internal static class TunnelInput
{
    /// <param name="packet">From the IPv4 header on.</param>
    /// <param name="offload">What is left to do; offsets count from the IPv4 header.</param>
    /// <param name="input">Takes packets with whole outer headers.</param>
    public static void HandOn(ref PacketBuffer packet, in PacketOffload offload, IPacketInput input)
    {
        if (offload.NeedsSegmentation && DatagramTrain.TryOpen(packet, offload, out var train))
        {
            while (train.TryNext(out var datagram))
            {
                input.FromUplink(ref datagram, PacketOffload.None);
            }
        }
        else if (offload == PacketOffload.None || offload.NeedsSegmentation)
        {
            input.FromUplink(ref packet, offload);
        }
        else if (TryCompleteChecksum(packet.Packet, offload))
        {
            input.FromUplink(ref packet, PacketOffload.None);
        }
        else
        {
            input.Dropped(vif: null, DropReason.InvalidOffload);
        }
    }

    // The field has the sum of the pseudo-header (virtio 1.2 section 5.1.6.2). Behind the packet there may be padding.
    private static bool TryCompleteChecksum(Span<byte> packet, in PacketOffload offload)
    {
        var field = offload.ChecksumStart + offload.ChecksumOffset;
        if (
            !Ipv4Header.TryRead(packet, out var ipv4)
            || field + sizeof(ushort) > ipv4.TotalLength
            || offload.ChecksumStart < ipv4.HeaderLength
        )
        {
            return false;
        }

        var checksum = InternetChecksum.Compute(packet[offload.ChecksumStart..ipv4.TotalLength]);
        BinaryPrimitives.WriteUInt16BigEndian(packet[field..], checksum == 0 ? ushort.MaxValue : checksum);
        return true;
    }
}
