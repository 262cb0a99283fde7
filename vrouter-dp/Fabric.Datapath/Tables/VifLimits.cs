using Fabric.Datapath.Shared;

namespace Fabric.Datapath;

/// <summary>What may happen in a second for a virtual interface, by all workers together; by its id.</summary>
internal sealed class VifLimits(SharedMemory memory)
{
    private readonly TokenBucket[] misses = new TokenBucket[memory.Vifs.Count];
    private readonly TokenBucket[] icmpErrors = new TokenBucket[memory.Vifs.Count];

    /// <summary>Packets that begin a flow.</summary>
    public ref TokenBucket Misses(uint vif) => ref misses[vif];

    /// <summary>ICMP errors that are sent to it.</summary>
    public ref TokenBucket IcmpErrors(uint vif) => ref icmpErrors[vif];

    /// <summary>Begins anew, for another interface with the same number.</summary>
    public void Clear(uint vif)
    {
        misses[vif] = default;
        icmpErrors[vif] = default;
    }
}
