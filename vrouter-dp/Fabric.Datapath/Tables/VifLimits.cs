using Fabric.Datapath.Shared;

namespace Fabric.Datapath;

/// <summary>
/// What all workers together know of a virtual interface, by its id: what may happen for it in a second, and since when it is this one; and what may
/// happen for none.
/// </summary>
internal sealed class VifLimits(SharedMemory memory)
{
    private readonly TokenBucket[] misses = new TokenBucket[memory.Vifs.Count];
    private readonly TokenBucket[] missesOfUnderlay = new TokenBucket[memory.Vifs.Count];
    private TokenBucket missesOfNobody;
    private readonly long[] beganAt = new long[memory.Vifs.Count];
    private readonly TokenBucket[] icmpErrors = new TokenBucket[memory.Vifs.Count];

    /// <summary>Packets of the interface that begin a flow.</summary>
    public ref TokenBucket Misses(uint vif) => ref misses[vif];

    /// <summary>Packets from the underlay to it that begin a flow.</summary>
    public ref TokenBucket MissesOfUnderlay(uint vif) => ref missesOfUnderlay[vif];

    /// <summary>Packets of the underlay that lead to no interface.</summary>
    public ref TokenBucket MissesOfNobody => ref missesOfNobody;

    /// <summary>ICMP errors that are sent to it.</summary>
    public ref TokenBucket IcmpErrors(uint vif) => ref icmpErrors[vif];

    /// <summary>The change of the tables with which the interface began; 0: it was taken over from an earlier process.</summary>
    public long BeganAt(uint vif) => Volatile.Read(in beganAt[vif]);

    /// <summary>Begins anew, for another interface with the same number.</summary>
    public void Begin(uint vif, long change)
    {
        Volatile.Write(ref beganAt[vif], change);
        misses[vif] = default;
        missesOfUnderlay[vif] = default;
        icmpErrors[vif] = default;
    }
}
