using Fabric.Wire.Packets;

namespace Fabric.Datapath;

/// <summary>Makes a tenant's packet fit the underlay and sends it through a tunnel: offloads are done here, since the tunnel hides the packet from a device.</summary>
internal sealed class TunnelOutput
{
    private readonly Fragmenter fragmenter = new();
    private readonly byte[] scratch = new byte[HostSettings.MaxOverhead + ushort.MaxValue];

    /// <summary>
    /// Sends the packet of a frame, one hop on. With <see cref="DropReason.FragmentationNeeded"/> the packet is unchanged, for an ICMP error
    /// to quote.
    /// </summary>
    public DropReason Send(
        ref PacketBuffer frame,
        in PacketFacts facts,
        in PacketOffload offload,
        int mtu,
        in TunnelTarget target,
        IPacketOutput output
    )
    {
        var packet = frame.Packet[EthernetHeader.Size..];
        Segmenter segments = default;
        if (offload.NeedsSegmentation && !Segmenter.TryCreate(packet, facts, offload, out segments))
        {
            return DropReason.InvalidOffload;
        }

        var largest = offload.NeedsSegmentation ? segments.LargestPacket : facts.TotalLength;
        if (largest > mtu && facts.DontFragment)
        {
            return DropReason.FragmentationNeeded;
        }

        SegmentSizeClamp.Apply(packet, facts, mtu, hasWholeChecksum: !offload.NeedsChecksum && !offload.NeedsSegmentation);
        if (!offload.NeedsSegmentation && offload.NeedsChecksum && !ChecksumOffload.TryComplete(frame.Packet, facts, offload))
        {
            return DropReason.InvalidOffload;
        }

        Ipv4Header.DecrementTimeToLive(packet[..facts.HeaderLength]);
        if (offload.NeedsSegmentation)
        {
            SendSegments(segments, mtu, target, output);
        }
        else if (facts.TotalLength > mtu)
        {
            fragmenter.Send(packet, mtu, target, output);
        }
        else
        {
            frame.Advance(EthernetHeader.Size);
            frame.Prepend(target.Overhead);
            TunnelSender.Send(frame.Packet, target, output);
        }

        return DropReason.None;
    }

    private void SendSegments(Segmenter segments, int mtu, in TunnelTarget target, IPacketOutput output)
    {
        var space = scratch.AsSpan(target.Overhead);
        for (var length = segments.Next(space); length > 0; length = segments.Next(space))
        {
            if (length > mtu)
            {
                fragmenter.Send(space[..length], mtu, target, output);
            }
            else
            {
                TunnelSender.Send(scratch.AsSpan(0, target.Overhead + length), target, output);
            }
        }
    }
}
