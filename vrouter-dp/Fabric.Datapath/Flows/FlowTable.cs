using Fabric.Datapath.Shared;

namespace Fabric.Datapath;

/// <summary>
/// Flows in the slots of a <see cref="SharedMemory"/>, which the kernel's programs may read at any moment: a slot is complete before the
/// index leads to it, and a freed one rests before it is another flow's. Nothing grows: a full table refuses. Owned by the pipeline's loop;
/// but the programs make flows too (docs/decisions/0011), so the set of flows changes under a lock that both sides take.
/// </summary>
public sealed class FlowTable
{
    private readonly SharedMemory memory;
    private readonly SharedRegion<FlowSlot> slots;
    private readonly FlowIndex index;
    private readonly FreeSlots free;
    private readonly RuleNames rules = new();
    private readonly StatelessLengths statelessLengths;

    /// <summary>Begins with the flows that the memory holds, as far as they are consistent; see <see cref="Takeover"/>.</summary>
    /// <param name="memory">Where the flows are.</param>
    /// <param name="perVifLimit">Entries that one virtual interface may take.</param>
    public FlowTable(SharedMemory memory, int perVifLimit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(perVifLimit, 2);
        this.memory = memory;
        slots = memory.Flows;
        index = new FlowIndex(memory);
        free = new FreeSlots(memory);
        statelessLengths = new StatelessLengths(memory);
        using var held = FlowLock.TakeOver(ref memory.FlowTable);
        memory.FlowTable.FlowsPerVif = (uint)perVifLimit;
        Takeover = FlowTakeover.Audit(memory, index);
        Recount();
    }

    public int Capacity => slots.Count;

    public int Count => slots.Count - free.Count;

    /// <summary>What was there at the start.</summary>
    public FlowTakeover Takeover { get; }

    internal ulong Seed => index.Seed;

    /// <summary>Hears of sessions that end; null while nobody wants records.</summary>
    internal FlowRecorder? Recorder { get; set; }

    public int CountOf(uint vif) => memory.Vifs.Has(vif) ? (int)memory.Vifs[(int)vif].Flows : 0;

    /// <summary>Lengths of blocks that stateless entries of an interface have, for what it sends or what comes to it from the underlay.</summary>
    internal uint StatelessLengthsOf(uint vif, bool isUplink) => statelessLengths.Of(vif, isUplink);

    internal bool HasVif(uint id) => memory.Vifs.Has(id);

    internal bool HasNextHop(uint id) => memory.NextHops.Has(id);

    internal ref FlowSlot this[int entry] => ref slots[entry];

    /// <summary>GROUP/RULE, or null while it is not known: names are this process's.</summary>
    internal string? RuleOf(int entry) => rules[slots[entry].Rule];

    internal void SetRule(int entry, string? rule)
    {
        if (rules.IsFull)
        {
            rules.Keep(RulesHeld());
        }

        slots[entry].Rule = rules.NumberOf(rule);
    }

    /// <summary>The entry of a key, or -1.</summary>
    internal int Find(in FlowKey key) => index.Find(key);

    /// <summary>Keeps the kernel's programs from changing the set of flows. What adds or removes entries, or stores verdicts, is called under it.</summary>
    internal FlowLock Lock() => FlowLock.Take(ref memory.FlowTable);

    /// <summary>Why this many entries can't be taken for an interface now; <see cref="DropReason.None"/> when they can.</summary>
    internal DropReason Refusal(uint vif, int wanted, long nowMilliseconds) =>
        CountOf(vif) + wanted > memory.FlowTable.FlowsPerVif ? DropReason.FlowLimitOfVif
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
        memory.Vifs[(int)vif].Flows++;
        index.Add(entry);
        statelessLengths.Add(slot);
        return entry;
    }

    /// <summary>Removes one direction. The other stays, without a partner and as new: what it counted belongs to the session that ends here.</summary>
    internal void Remove(int entry, long nowMilliseconds)
    {
        Recorder?.End(entry, nowMilliseconds);
        var reverse = slots[entry].Reverse;
        Free(entry, nowMilliseconds);
        if (reverse >= 0)
        {
            slots[reverse].Reverse = -1;
            slots[reverse].BeginAgain(nowMilliseconds);
        }
    }

    internal void RemoveWithReverse(int entry, long nowMilliseconds)
    {
        Recorder?.End(entry, nowMilliseconds);
        var reverse = slots[entry].Reverse;
        Free(entry, nowMilliseconds);
        if (reverse >= 0)
        {
            Free(reverse, nowMilliseconds);
        }
    }

    /// <summary>Lets a direction count from zero: what it counted so far is a session that ends here.</summary>
    internal void BeginAgain(int entry, long nowMilliseconds)
    {
        Recorder?.End(entry, nowMilliseconds);
        slots[entry].BeginAgain(nowMilliseconds);
    }

    internal void Link(int entry, int reverse)
    {
        slots[reverse].Reverse = entry;
        slots[entry].Reverse = reverse;
    }

    /// <summary>Gives an entry another's verdict, which was found by the same tables. For a program at the entry it holds no more until all of it is there.</summary>
    internal void CopyVerdict(int from, int to)
    {
        ref readonly var source = ref slots[from];
        ref var target = ref slots[to];
        target.ValidatedAt = 0;
        target.RouteNextHop = source.RouteNextHop;
        target.DestinationVif = source.DestinationVif;
        target.OuterSource = source.OuterSource;
        target.Rule = source.Rule;
        target.Verdict = source.Verdict;
        target.ValidatedAt = source.ValidatedAt;
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

    private void Free(int entry, long nowMilliseconds)
    {
        index.Remove(entry);
        ref var slot = ref slots[entry];
        slot.InUse = false;
        memory.Vifs[(int)slot.Vif].Flows--;
        statelessLengths.Remove(slot);
        free.Give(entry, nowMilliseconds);
    }

    private void Recount()
    {
        free.Clear();
        statelessLengths.Clear();
        foreach (ref var vif in memory.Vifs.Span)
        {
            vif.Flows = 0;
        }

        for (var slot = 0; slot < slots.Count; slot++)
        {
            if (slots[slot].InUse)
            {
                memory.Vifs[(int)slots[slot].Vif].Flows++;
                slots[slot].Rule = 0;
                statelessLengths.Add(slots[slot]);
            }
            else
            {
                free.GiveRested(slot);
            }
        }
    }

    private HashSet<uint> RulesHeld()
    {
        var held = new HashSet<uint>();
        foreach (ref readonly var slot in slots.Span)
        {
            if (slot.InUse)
            {
                held.Add(slot.Rule);
            }
        }

        return held;
    }

    // What has no slot is evaluated with each packet.
    private long ChangeOfNextHop(uint id) => memory.NextHops.Has(id) ? memory.NextHops[(int)id].ChangedAt : long.MaxValue;
}
