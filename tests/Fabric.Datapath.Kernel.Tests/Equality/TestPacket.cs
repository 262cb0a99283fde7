namespace Fabric.Datapath.Kernel.Tests.Equality;

/// <summary>A frame that comes in: from a virtual interface, or from the underlay (vif 0).</summary>
internal sealed record TestPacket(uint Vif, byte[] Frame, ushort SegmentSize = 0)
{
    public bool IsUplink => Vif == 0;

    /// <summary>Of a frame whose device is to cut it into segments of TCP.</summary>
    public PacketOffload Offload =>
        SegmentSize == 0 ? PacketOffload.None : new PacketOffload(OffloadFlags.TcpSegmentation, 0, 0, SegmentSize, 0);

    public PacketBuffer Buffer()
    {
        var storage = new byte[PacketBuffer.MinimumHeadroom + Frame.Length];
        Frame.CopyTo(storage, PacketBuffer.MinimumHeadroom);
        return new PacketBuffer(storage, PacketBuffer.MinimumHeadroom, Frame.Length);
    }
}
