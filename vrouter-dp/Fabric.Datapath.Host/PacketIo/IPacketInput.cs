namespace Fabric.Datapath.Host.PacketIo;

/// <summary>
/// Who takes packets from an <see cref="IPacketIo"/>: the node, before its pipeline. The buffer is the callee's until it returns.
/// An interface, since a delegate cannot take a ref struct and two methods for the price of one allocation.
/// </summary>
public interface IPacketInput
{
    /// <summary>An Ethernet frame that a VM sent.</summary>
    void FromVif(uint vif, ref PacketBuffer frame, in PacketOffload offload);

    /// <summary>An IPv4 packet of the underlay addressed to the tunnel source.</summary>
    /// <param name="packet">From the IPv4 header on.</param>
    /// <param name="offload">What is left to do to the packet inside the tunnel; offsets count from the outer IPv4 header.</param>
    void FromUplink(ref PacketBuffer packet, in PacketOffload offload);

    /// <summary>A packet that was lost before it could be handed on.</summary>
    /// <param name="vif">Whose it was; null for one of the underlay.</param>
    /// <param name="reason">Why.</param>
    void Dropped(uint? vif, DropReason reason);
}
