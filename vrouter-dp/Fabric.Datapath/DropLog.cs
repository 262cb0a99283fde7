using Fabric.Datapath.Shared;

namespace Fabric.Datapath;

/// <summary>
/// Counts drops by reason, for all and for each virtual interface, and keeps the latest ones of one worker's pipeline. Owned by its loop; counters
/// are summed over all lanes.
/// </summary>
public sealed class DropLog
{
    /// <summary>How many reasons there are; counters are arrays indexed by <see cref="DropReason"/>.</summary>
    public static int ReasonCount { get; } = Enum.GetValues<DropReason>().Length;

    private readonly SharedMemory memory;
    private readonly int ownLane;
    private readonly long[] totals = new long[ReasonCount];
    private readonly RecentDrop[] recent;
    private long recorded;

    internal DropLog(SharedMemory memory, int ownLane, int recentCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(recentCapacity, 1);
        this.memory = memory;
        this.ownLane = ownLane;
        recent = new RecentDrop[recentCapacity];
    }

    /// <summary>Packets by reason, whoever dropped them.</summary>
    public ReadOnlySpan<long> Totals
    {
        get
        {
            Array.Clear(totals);
            for (var lane = 0; lane < memory.Sizes.Lanes; lane++)
            {
                for (var reason = 0; reason < totals.Length; reason++)
                {
                    totals[reason] += (long)memory.Drops[lane * SharedSizes.Reasons + reason];
                }
            }

            return totals;
        }
    }

    /// <summary>The worker's latest drops, oldest first.</summary>
    public IEnumerable<RecentDrop> Recent
    {
        get
        {
            for (var i = Math.Max(0, recorded - recent.Length); i < recorded; i++)
            {
                yield return recent[i % recent.Length];
            }
        }
    }

    internal void Count(DropReason reason, Vif? vif, long nowMilliseconds, in FlowKey key = default, string? rule = null)
    {
        memory.Drops[ownLane * SharedSizes.Reasons + (int)reason]++;
        vif?.Statistics.CountDrop(reason);
        recent[recorded++ % recent.Length] = new RecentDrop(nowMilliseconds, reason, rule, vif?.Id, key);
    }
}

/// <summary>A packet that was dropped: when, why, by which rule, and whose; the key is zero where the packet could not be read that far.</summary>
public readonly record struct RecentDrop(long AtMilliseconds, DropReason Reason, string? Rule, uint? Vif, FlowKey Key);
