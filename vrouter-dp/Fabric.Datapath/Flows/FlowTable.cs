using Fabric.Datapath.Shared;
using Fabric.Wire.Packets;

namespace Fabric.Datapath;

/// <summary>
/// A worker's view of the flows in the slots of a <see cref="SharedMemory"/>. The kernel's programs and the other workers may read them at any
/// moment: a slot is complete before the index leads to it, and a freed one rests before it is another flow's. Programs and all workers change
/// the set of flows and store verdicts, under a lock (docs/decisions/0011, 0016). Without it an entry is found by <see cref="Find"/> and read by
/// <see cref="TryRead"/>, which sees when it has become another's. Nothing grows: a full table refuses.
/// </summary>
public sealed class FlowTable
{
    private readonly SharedMemory memory;
    private readonly SharedRegion<FlowSlot> slots;
    private readonly FlowIndex index;
    private readonly FreeSlots free;
    private readonly FlowTableState state;
    private readonly FlowDisplacement displacement;

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
        state = new FlowTableState(memory);
        displacement = new FlowDisplacement(this);
        using var held = FlowLock.TakeOver(ref memory.FlowTable);
        memory.FlowTable.FlowsPerVif = (uint)perVifLimit;
        Takeover = FlowTakeover.Audit(memory, index);
        Recount();
    }

    /// <summary>Another worker's view of the same flows.</summary>
    internal FlowTable(FlowTable first)
    {
        memory = first.memory;
        slots = first.slots;
        index = first.index;
        free = first.free;
        state = first.state;
        displacement = new FlowDisplacement(this);
        Takeover = first.Takeover;
    }

    public int Capacity => slots.Count;

    public int Count => slots.Count - free.Count;

    /// <summary>What was there at the start.</summary>
    public FlowTakeover Takeover { get; }

    internal ulong Seed => index.Seed;

    internal FlowTableState State => state;

    /// <summary>Describes sessions by this worker's tables.</summary>
    internal SessionReports? Sessions { get; set; }

    public int CountOf(uint vif) => memory.Vifs.Has(vif) ? (int)memory.Vifs[(int)vif].Flows : 0;

    /// <summary>Lengths of blocks that stateless entries of an interface have, for what it sends or what comes to it from the underlay.</summary>
    internal uint StatelessLengthsOf(uint vif, bool isUplink) => state.StatelessLengths.Of(vif, isUplink);

    internal bool HasVif(uint id) => memory.Vifs.Has(id);

    internal bool HasNextHop(uint id) => memory.NextHops.Has(id);

    internal ref FlowSlot this[int entry] => ref slots[entry];

    /// <summary>GROUP/RULE, or null while it is not known: names are this process's.</summary>
    internal string? RuleOf(uint number) => state.Rules[number];

    internal void SetRule(int entry, string? rule)
    {
        if (state.Rules.IsFull)
        {
            state.Rules.Keep(RulesHeld());
        }

        slots[entry].Rule = state.Rules.NumberOf(rule);
    }

    /// <summary>The entry of a key, or -1. Without the lock it may be another's, or nobody's, as soon as it is found.</summary>
    internal int Find(in FlowKey key) => index.Find(key);

    /// <summary>Keeps others from changing the set of flows. What adds or removes entries, or stores verdicts, is called under it.</summary>
    internal FlowLock Lock() => FlowLock.Take(ref memory.FlowTable);

    /// <summary>
    /// Why this many entries can't be taken for an interface now; <see cref="DropReason.None"/> when they can. None may have more than it leaves free: so
    /// however many fill the table together, there is room for those that have less.
    /// </summary>
    internal DropReason Refusal(uint vif, int wanted, long nowMilliseconds) =>
        CountOf(vif) + wanted > memory.FlowTable.FlowsPerVif ? DropReason.FlowLimitOfVif
        : CountOf(vif) + wanted > free.Count || !free.CanTake(wanted, nowMilliseconds) ? DropReason.FlowTableFull
        : DropReason.None;

    /// <summary>The same, when what can go has made room where there was none.</summary>
    /// <param name="vif">The interface.</param>
    /// <param name="wanted">Entries.</param>
    /// <param name="kept">An entry that stays, as does its other direction; -1: none.</param>
    /// <param name="nowMilliseconds">The time.</param>
    internal DropReason MakeRoom(uint vif, int wanted, int kept, long nowMilliseconds)
    {
        var refusal = Refusal(vif, wanted, nowMilliseconds);
        return refusal != DropReason.None && displacement.TryMakeRoom(vif, refusal, kept, nowMilliseconds)
            ? Refusal(vif, wanted, nowMilliseconds)
            : refusal;
    }

    /// <summary>
    /// The same for an entry that nobody of the interface's side has asked for: a denial, or answers of a connection that nobody saw opened. These fill
    /// only half of the table, and of what an interface may have. So who sends what is not let in takes no room from those that are.
    /// </summary>
    internal DropReason RefusalOfUnasked(uint vif, long nowMilliseconds) =>
        CountOf(vif) >= memory.FlowTable.FlowsPerVif / 2 ? DropReason.FlowLimitOfVif
        : Count >= Capacity / 2 ? DropReason.FlowTableFull
        : Refusal(vif, 1, nowMilliseconds);

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
        state.StatelessLengths.Add(slot);
        return entry;
    }

    /// <summary>Removes one direction. The other stays, without a partner and as new: what it counted belongs to the session that ends here.</summary>
    internal void Remove(int entry, long nowMilliseconds)
    {
        End(entry, nowMilliseconds);
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
        End(entry, nowMilliseconds);
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
        End(entry, nowMilliseconds);
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
        target.Invalidate();
        target.RouteNextHop = source.RouteNextHop;
        target.DestinationVif = source.DestinationVif;
        target.OuterSource = source.OuterSource;
        target.Rule = source.Rule;
        target.Verdict = source.Verdict;
        target.ValidatedAt = source.ValidatedAt;
    }

    /// <summary>When a packet of either direction came last, in milliseconds.</summary>
    internal long LastSeen(int entry) =>
        slots[entry].Reverse is var reverse and >= 0 ? Math.Max(slots[entry].LastSeen, slots[reverse].LastSeen) : slots[entry].LastSeen;

    internal bool IsClosed(int entry)
    {
        var ways = slots[entry].Tcp;
        var answers = slots[entry].Reverse is var reverse and >= 0 ? slots[reverse].Tcp : TcpProgress.None;
        return ((ways | answers) & TcpProgress.Reset) != TcpProgress.None || (ways & answers & TcpProgress.Fin) != TcpProgress.None;
    }

    /// <summary>
    /// A TCP connection that one side alone speaks of: the other has sent nothing, or its opener no more than a SYN, which the other side may not even
    /// have answered.
    /// </summary>
    internal bool IsHalfOpen(int entry)
    {
        ref readonly var flow = ref slots[entry];
        if (flow.Key is not { Protocol: IpProtocol.Tcp, IsWide: false })
        {
            return false;
        }

        var other = flow.Reverse is var reverse and >= 0 ? slots[reverse].Tcp : TcpProgress.None;
        var opener = flow.IsInitiator ? flow.Tcp : other;
        return flow.Tcp == TcpProgress.None || other == TcpProgress.None || opener == TcpProgress.Syn;
    }

    /// <summary>A SYN of this direction is not of the connection that it has been of so far: that is closed, or the direction has sent its FIN.</summary>
    internal bool IsDone(int entry) => (slots[entry].Tcp & TcpProgress.Fin) != TcpProgress.None || IsClosed(entry);

    /// <summary>
    /// A direction that is said to be of answers, while nobody saw a SYN from the other side: it was taken in from the midst of a connection.
    /// </summary>
    internal bool IsAdopted(int entry) =>
        !slots[entry].IsInitiator
        && (slots[entry].Reverse is not (var reverse and >= 0) || (slots[reverse].Tcp & TcpProgress.Syn) == TcpProgress.None);

    /// <summary>
    /// Whether the verdict was made after the last change of all that it was made from: the interfaces at its ends, its next hop and its
    /// route's. The kernel's programs ask the same.
    /// </summary>
    internal bool IsCurrent(int entry) => Holds(slots[entry], slots[entry].ValidatedAt, slots[entry].Verdict);

    /// <summary>
    /// Reads an entry without the lock, as programs do: another may be storing a new verdict, or may have given the slot to another flow since it was
    /// found. False when it is not that key's any more, or does not hold for packets of that sender.
    /// </summary>
    /// <param name="entry">Where the key was found.</param>
    /// <param name="key">The key of the entry.</param>
    /// <param name="outerSource">The host of the underlay that sent the packet; 0 for a local interface.</param>
    /// <param name="ruling">What the entry says.</param>
    internal bool TryRead(int entry, in FlowKey key, uint outerSource, out FlowRuling ruling)
    {
        ref readonly var flow = ref slots[entry];
        var at = flow.ValidatedAt;
        ruling = new FlowRuling(flow.Verdict, flow.Rule, at);
        var isCurrent = flow.OuterSource == outerSource && Holds(flow, at, ruling.Verdict);
        Volatile.ReadBarrier();
        return isCurrent && flow.InUse && flow.Key == key && flow.ValidatedAt == at;
    }

    // Each member is read once: it may change meanwhile.
    private bool Holds(in FlowSlot flow, long at, FlowVerdictWord verdict) =>
        at >= memory.Vifs[(int)flow.Vif].ChangedAt
        && (flow.DestinationVif is var destination && (destination == FlowSlot.NoVif || at >= memory.Vifs[(int)destination].ChangedAt))
        && at >= ChangeOfNextHop(verdict.NextHop)
        && at >= ChangeOfNextHop(flow.RouteNextHop);

    private void End(int entry, long nowMilliseconds)
    {
        if (state.Recorder is { } recorder)
        {
            recorder.End(entry, nowMilliseconds, Sessions!);
        }
    }

    private void Free(int entry, long nowMilliseconds)
    {
        index.Remove(entry);
        ref var slot = ref slots[entry];
        slot.InUse = false;
        memory.Vifs[(int)slot.Vif].Flows--;
        state.StatelessLengths.Remove(slot);
        free.Give(entry, nowMilliseconds);
    }

    private void Recount()
    {
        free.Clear();
        state.StatelessLengths.Clear();
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
                state.StatelessLengths.Add(slots[slot]);
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
