namespace Fabric.Datapath.Host.PacketIo;

/// <summary>The sockets of a port before they are their workers': one of each kind for each worker, or none of a kind.</summary>
/// <param name="Listeners">A group among which the kernel divides what comes in; shorter than the workers where it cannot.</param>
/// <param name="Senders">Where frames go to.</param>
/// <param name="WithHeader">A virtio_net_hdr stands before what listeners give.</param>
internal sealed record PortSockets(IReadOnlyList<PacketSocket> Listeners, IReadOnlyList<PacketSocket> Senders, bool WithHeader)
{
    public static PortSockets None { get; } = new([], [], WithHeader: false);

    public PacketSocket? ListenerOf(int worker) => worker < Listeners.Count ? Listeners[worker] : null;

    public PacketSocket? SenderOf(int worker) => worker < Senders.Count ? Senders[worker] : null;
}
