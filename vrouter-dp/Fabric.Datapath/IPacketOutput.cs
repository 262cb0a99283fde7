namespace Fabric.Datapath;

/// <summary>Where the pipeline puts finished packets. The spans are only valid during the call.</summary>
public interface IPacketOutput
{
    /// <summary>An Ethernet frame for a virtual interface, with what is left to do to it.</summary>
    void ToVif(uint vif, ReadOnlySpan<byte> frame, in PacketOffload offload);

    /// <summary>A whole IPv4 packet for the underlay; its header checksum is complete and DF is set.</summary>
    void ToUplink(ReadOnlySpan<byte> outerIpv4Packet);
}
