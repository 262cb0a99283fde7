namespace Fabric.Datapath.Host.PacketIo;

/// <summary>
/// Where a data plane's packets come from and go to. Two implementations: the kernel's sockets (<see cref="KernelPacketIo"/>) and the
/// simulator's network. Packets of a connection come to one worker. Members are called on the first worker's loop, but for those that are a worker's.
/// </summary>
public interface IPacketIo : IDisposable
{
    /// <summary>
    /// Begins to hand a worker's packets to <paramref name="input"/>, on its loop; called on that loop, once: for the first worker at the start, for
    /// another when it has its first whole tables. Until then they wait.
    /// </summary>
    /// <param name="worker">Its number.</param>
    /// <param name="input">Takes them.</param>
    /// <returns>Takes what the worker sends.</returns>
    IPacketOutput Start(int worker, IPacketInput input);

    /// <summary>Hands another worker than the first no more packets; called on its loop.</summary>
    void Stop(int worker);

    /// <summary>The wanted state, whole: what it does not name is given up. A device that is missing is taken up when it appears.</summary>
    void Configure(PacketIoSettings settings);

    /// <summary>What became of the wanted state.</summary>
    PacketIoStatus Status { get; }
}
