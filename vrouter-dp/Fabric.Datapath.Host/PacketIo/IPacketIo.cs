namespace Fabric.Datapath.Host.PacketIo;

/// <summary>
/// Where a data plane's packets come from and go to. Two implementations: the kernel's sockets (<see cref="KernelPacketIo"/>) and the
/// simulator's network. All members are called on the loop of the node that owns it, and it calls back on that loop only.
/// </summary>
public interface IPacketIo : IPacketOutput, IDisposable
{
    /// <summary>Begins to hand packets to <paramref name="input"/>; called once, before anything else.</summary>
    void Start(IPacketInput input);

    /// <summary>The wanted state, whole: what it does not name is given up. A device that is missing is taken up when it appears.</summary>
    void Configure(PacketIoSettings settings);

    /// <summary>What became of the wanted state.</summary>
    PacketIoStatus Status { get; }
}
