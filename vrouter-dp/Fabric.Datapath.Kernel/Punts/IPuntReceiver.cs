namespace Fabric.Datapath.Kernel.Punts;

/// <summary>Takes packets that the programs sent up.</summary>
public interface IPuntReceiver
{
    /// <param name="header">Where the packet came in, and why it comes up.</param>
    /// <param name="frame">The packet with its Ethernet header, whichever device it is from, its checksums complete. Valid during the call.</param>
    void Receive(in PuntHeader header, ref PacketBuffer frame);
}
