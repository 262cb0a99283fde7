using Fabric.Datapath.Shared;

namespace Fabric.Datapath;

/// <summary>
/// Flows in the slots of a <see cref="SharedMemory"/>, which the kernel's programs may read at any moment: a slot is complete before the
/// index leads to it, and a freed one rests before it is another flow's. Nothing grows: a full table refuses. Owned by the pipeline's loop.
/// </summary>
public sealed class FlowTable
{
    /// <summary>How long a freed slot rests: far longer than a program runs.</summary>
    public const long RestMilliseconds = 100;

    private readonly SharedMemory memory;
    private readonly SharedRegion<FlowSlot> slots;
    private readonly FlowIndex index;
    private readonly FreeSlots free;
    private readonly string?[] rules;
    private readonly int[] vifCounts;
    private readonly int perVifLimit;

    /// <summary>Begins with the flows that the memory holds, as far as they are consistent; see <see cref="Takeover"/>.</summary>
    /// <param name="memory">Where the flows are.</param>
    /// <param name="perVifLimit">Entries that one virtual interface may take.</param>
    public FlowTable(SharedMemory memory, int perVifLimit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(perVifLimit, 2);
        this.memory = memory;
        this.perVifLimit = perVifLimit;
        slots = memory.Flows;
        index = new FlowIndex(memory);
        free = new FreeSlots(slots.Count, RestMilliseconds);
        rules = new string?[slots.Count];
        vifCounts = new int[memory.Vifs.Count];
        Takeover = FlowTakeover.Audit(memory, index);
        for (var slot = 0; slot < slots.Count; slot++)
        {
            if (slots[slot].InUse)
            {
                vifCounts[slots[slot].Vif]++;
            }
            else
            {
                free.GiveRested(slot);
            }
        }
    }

    public int Capacity => slots.Count;

    public int Count => slots.Count - free.Count;

    /// <summary>What was there at the start.</summary>
    public FlowTakeover Takeover { get; }

    internal ulong Seed => index.Seed;

    public int CountOf(uint vif) => vif < (uint)vifCounts.Length ? vifCounts[vif] : 0;

    internal bool HasVif(uint id) => memory.Vifs.Has(id);

    internal ref FlowSlot this[int entry] => ref slots[entry];

    internal ref string? RuleOf(int entry) => ref rules[entry];

    /// <summary>The entry of a key, or -1.</summary>
    internal int Find(in FlowKey key) => index.Find(key);

    /// <summary>Why this many entries can't be taken for an interface now; <see cref="DropReason.None"/> when they can.</summary>
    internal DropReason Refusal(uint vif, int wanted, long nowMilliseconds) =>
        vifCounts[vif] + wanted > perVifLimit ? DropReason.FlowLimitOfVif
        : !free.CanTake(wanted, nowMilliseconds) ? DropReason.FlowTableFull
        : DropReason.None;

    /// <summary>Takes an entry for a key that is not in the table. The caller has asked <see cref="Refusal"/>.</summary>
    internal int Add(in FlowKey key, uint vif, bool isInitiator, byte icmpType, long nowMilliseconds)
    {
        var entry = free.Take();
        ref var slot = ref slots[entry];
        slot = new FlowSlot
        {
            Key = key,
            Vif = vif,
            DestinationVif = FlowSlot.NoVif,
            Reverse = -1,
            IsInitiator = isInitiator,
            IcmpType = icmpType,
        };
        slot.Begin(nowMilliseconds);
        slot.InUse = true;
        rules[entry] = null;
        vifCounts[vif]++;
        index.Add(entry);
        return entry;
    }

    /// <summary>Removes one direction; the other stays, without a partner.</summary>
    internal void Remove(int entry, long nowMilliseconds)
    {
        index.Remove(entry);
        ref var slot = ref slots[entry];
        slot.InUse = false;
        if (slot.Reverse >= 0)
        {
            slots[slot.Reverse].Reverse = -1;
        }

        vifCounts[slot.Vif]--;
        rules[entry] = null;
        free.Give(entry, nowMilliseconds);
    }

    internal void Link(int entry, int reverse)
    {
        slots[reverse].Reverse = entry;
        slots[entry].Reverse = reverse;
    }

    internal bool IsClosed(int entry)
    {
        ref readonly var flow = ref slots[entry];
        var reverse = flow.Reverse < 0 ? TcpProgress.None : slots[flow.Reverse].Tcp;
        return ((flow.Tcp | reverse) & TcpProgress.Reset) != TcpProgress.None || (flow.Tcp & reverse & TcpProgress.Fin) != TcpProgress.None;
    }

    /// <summary>
    /// Whether the verdict was made after the last change of all that it was made from: the interfaces at its ends, its next hop and its
    /// route's. The kernel's programs ask the same.
    /// </summary>
    internal bool IsCurrent(int entry)
    {
        ref readonly var flow = ref slots[entry];
        var at = flow.ValidatedAt;
        return at >= memory.Vifs[(int)flow.Vif].ChangedAt
            && (flow.DestinationVif == FlowSlot.NoVif || at >= memory.Vifs[(int)flow.DestinationVif].ChangedAt)
            && at >= ChangeOfNextHop(flow.NextHop)
            && at >= ChangeOfNextHop(flow.RouteNextHop);
    }

    internal void RemoveWithReverse(int entry, long nowMilliseconds)
    {
        var reverse = slots[entry].Reverse;
        Remove(entry, nowMilliseconds);
        if (reverse >= 0)
        {
            Remove(reverse, nowMilliseconds);
        }
    }

    // What has no slot is evaluated with each packet.
    private long ChangeOfNextHop(uint id) => memory.NextHops.Has(id) ? memory.NextHops[(int)id].ChangedAt : long.MaxValue;
}
