using System.Runtime.InteropServices;
using Fabric.Datapath.Shared;

namespace Fabric.Datapath;

/// <summary>
/// Counters of a virtual interface: each lane has its own, and the sum is what is asked for. They begin at zero with an interface, not with
/// its taking over.
/// </summary>
public sealed class VifStatistics
{
    private readonly SharedMemory memory;
    private readonly int vif;
    private readonly int lane;

    internal VifStatistics(SharedMemory memory, int vif, int lane)
    {
        this.memory = memory;
        this.vif = vif;
        this.lane = lane;
    }

    /// <summary>Packets in and out; received means from the VM.</summary>
    public VifCounters Total
    {
        get
        {
            var total = default(VifCounters);
            for (var each = 0; each < memory.Sizes.Lanes; each++)
            {
                ref readonly var counters = ref memory.VifCounters[each * memory.Sizes.Vifs + vif];
                total.ReceivedPackets += counters.ReceivedPackets;
                total.ReceivedBytes += counters.ReceivedBytes;
                total.SentPackets += counters.SentPackets;
                total.SentBytes += counters.SentBytes;
            }

            return total;
        }
    }

    /// <summary>By reason.</summary>
    public ReadOnlySpan<long> Drops => MemoryMarshal.Cast<ulong, long>(DropRegion)[..DropLog.ReasonCount];

    private ref VifCounters Own => ref memory.VifCounters[lane * memory.Sizes.Vifs + vif];

    private Span<ulong> DropRegion => memory.VifDrops.Span.Slice(vif * SharedSizes.ReasonsOfVif, SharedSizes.ReasonsOfVif);

    internal void CountReceived(int bytes)
    {
        ref var own = ref Own;
        own.ReceivedPackets++;
        own.ReceivedBytes += (ulong)bytes;
    }

    internal void CountSent(int bytes)
    {
        ref var own = ref Own;
        own.SentPackets++;
        own.SentBytes += (ulong)bytes;
    }

    internal void CountDrop(DropReason reason) => Interlocked.Increment(ref DropRegion[(int)reason]);

    /// <summary>Begins at zero, for an interface that is new.</summary>
    internal void Clear()
    {
        for (var each = 0; each < memory.Sizes.Lanes; each++)
        {
            memory.VifCounters[each * memory.Sizes.Vifs + vif] = default;
        }

        DropRegion.Clear();
    }
}
