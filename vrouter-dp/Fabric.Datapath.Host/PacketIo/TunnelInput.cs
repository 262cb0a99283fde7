using System.Buffers.Binary;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Host.PacketIo;

/// <summary>
/// Hands packets of the underlay to the pipeline, for which each is whole. From a wire they are; a sender on the same machine, or a kernel that
/// joined what it received, leaves checksums to be completed and trains to be cut apart.
/// </summary>
internal static class TunnelInput
{
    /// <param name="packet">From the IPv4 header on.</param>
    /// <param name="offload">What is left to do; offsets count from the IPv4 header.</param>
    /// <param name="input">Takes whole packets.</param>
    public static void HandOn(ref PacketBuffer packet, in PacketOffload offload, IPacketInput input)
    {
        if (offload == PacketOffload.None)
        {
            input.FromUplink(ref packet);
        }
        else if (offload.NeedsSegmentation)
        {
            CutApart(ref packet, offload, input);
        }
        else if (TryCompleteChecksum(packet.Packet, offload))
        {
            input.FromUplink(ref packet);
        }
        else
        {
            input.Dropped(vif: null, DropReason.InvalidOffload);
        }
    }

    private static void CutApart(ref PacketBuffer packet, in PacketOffload offload, IPacketInput input)
    {
        if (!DatagramTrain.TryOpen(packet, offload, out var train))
        {
            // A large packet inside the tunnel: its headers could be counted up here, but not those of the tunnel.
            input.Dropped(vif: null, DropReason.InvalidOffload);
            return;
        }

        while (train.TryNext(out var datagram))
        {
            input.FromUplink(ref datagram);
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
