using Fabric.Datapath.Shared;
using Fabric.Model.Datapath;

namespace Fabric.Datapath;

/// <summary>
/// Reports sessions: their start, their end, and that they go on. A session is a connection, a denied flow, or what passes between two
/// blocks of addresses by a stateless entry; its slot is that of the direction that opened it. Nothing is done for a packet of a flow that is
/// there: new slots are found in the ring that they were taken from, and the walk of ageing sees the others each ten seconds. Sessions that
/// began before recording did have no start. The first worker's; but each worker says of the sessions that it removes that they end, so what was
/// reported, and what waits, is in the care of the flow table's lock.
/// </summary>
public sealed class FlowRecorder
{
    /// <summary>Reports that wait at most.</summary>
    public const int Capacity = 65_536;

    /// <summary>Slots looked at in one turn; what is left waits for the next.</summary>
    public const int SlotsOfTurn = 16_384;

    private const int NamesHeld = 65_536;

    // Few, since programs and other workers wait meanwhile.
    private const int TakenAtOnce = 64;
    private const long MillisecondsOfSecond = 1_000;

    private readonly SharedMemory memory;
    private readonly FlowTable flows;
    private readonly SessionReports sessions;
    private readonly TakenSlots taken;
    private SessionMark[] marks = [];
    private long epoch;
    private long updateMilliseconds;
    private long onSince;
    private uint sampling = 1;
    private bool hasStarts;

    internal FlowRecorder(SharedMemory memory, DatapathTables tables, FlowTable flows, DropLog drops)
    {
        this.memory = memory;
        this.flows = flows;
        sessions = new SessionReports(tables, flows, this);
        taken = new TakenSlots(memory);
        Drops = new DropRecorder(memory, tables, drops);
    }

    /// <summary>What waits for the agent; <see cref="Take"/> hands it out.</summary>
    public RecordBuffer Reports { get; } = new(Capacity);

    /// <summary>What the numbers in reports stand for.</summary>
    public RecordNames Names { get; } = new(NamesHeld);

    /// <summary>What the agent is told of drops.</summary>
    public DropRecorder Drops { get; }

    /// <summary>An agent has asked for records.</summary>
    public bool IsOn => marks.Length > 0;

    /// <summary>Microseconds since 1970 when the pipeline's clock was zero.</summary>
    public long Epoch
    {
        get => Volatile.Read(ref epoch);
        set => Volatile.Write(ref epoch, value);
    }

    /// <summary>Begins to record, or goes on in another way.</summary>
    public void Configure(RecordSettings settings, long nowMilliseconds)
    {
        var isOn = IsOn;
        if (!isOn)
        {
            taken.Begin();
            Drops.Begin(nowMilliseconds);
        }

        using var held = flows.Lock();
        updateMilliseconds = settings.UpdateSeconds * MillisecondsOfSecond;
        sampling = Math.Max(1, settings.Sampling);
        hasStarts = !settings.NoStarts;
        if (!isOn)
        {
            marks = new SessionMark[flows.Capacity];
            onSince = nowMilliseconds;
            memory.Host.Records = 1;
            flows.State.Recorder = this;
        }
    }

    /// <summary>A new agent hears all names again.</summary>
    public void SayNamesAgain()
    {
        using var held = flows.Lock();
        Names.SayAgain();
    }

    /// <summary>Takes the next names that the agent is to hear, before the reports that have them; returns how many there are.</summary>
    public int TakeNames(Span<(uint Number, string Name)> names)
    {
        using var held = flows.Lock();
        var count = 0;
        while (count < names.Length && !Names.AreSaid)
        {
            names[count++] = Names.Say();
        }

        return count;
    }

    /// <summary>Takes the oldest reports that wait, as long as all names were taken that they may have; returns how many there are.</summary>
    public int Take(Span<FlowReport> reports)
    {
        var count = 0;
        while (TakeSome(reports[count..]) is var some and > 0)
        {
            count += some;
        }

        return count;
    }

    private int TakeSome(Span<FlowReport> reports)
    {
        using var held = flows.Lock();
        var oldest = Names.AreSaid ? Reports.Oldest : [];
        var count = Math.Min(Math.Min(oldest.Length, reports.Length), TakenAtOnce);
        oldest[..count].CopyTo(reports);
        Reports.Remove(count);
        return count;
    }

    /// <summary>Reports sessions that began since the last call, some in each, and each second drops; call it every 100 milliseconds or so.</summary>
    internal void Run(long nowMilliseconds)
    {
        if (!IsOn)
        {
            return;
        }

        taken.Look();
        for (var i = 0; i < SlotsOfTurn && taken.TryNext(out var slot); i++)
        {
            if (IsNew(slot))
            {
                using var held = flows.Lock();
                Look(slot, nowMilliseconds);
            }
        }

        Drops.Run(nowMilliseconds, sessions.WallTime(nowMilliseconds));
    }

    /// <summary>Looks at a slot in use on the walk of ageing: whether it is time to report that its session goes on.</summary>
    internal void Visit(int slot, long nowMilliseconds)
    {
        if (SessionOf(slot) != slot || !(IsNew(slot) || IsDue(slot, nowMilliseconds)))
        {
            return;
        }

        using var held = flows.Lock();
        if (IsNew(slot))
        {
            Look(slot, nowMilliseconds);
        }
        else if (flows[slot].InUse && SessionOf(slot) == slot && IsDue(slot, nowMilliseconds))
        {
            marks[slot] = new SessionMark(flows[slot].CreatedAt, nowMilliseconds);
            Report(slot, FlowReportEvent.Update, nowMilliseconds, sessions);
        }
    }

    /// <summary>A pair is about to be removed or parted. Called for either direction, under the table's lock.</summary>
    /// <param name="slot">The direction.</param>
    /// <param name="nowMilliseconds">The time.</param>
    /// <param name="worker">Describes it by the tables of the worker that removes it.</param>
    internal void End(int slot, long nowMilliseconds, SessionReports worker)
    {
        var session = SessionOf(slot);
        if (flows[session].Key.IsWide)
        {
            return;
        }

        EndEarlier(session, nowMilliseconds, worker);
        var isKnown = !marks[session].IsNone || flows[session].CreatedAt < onSince;
        marks[session] = default;
        if (isKnown || HasPackets(session))
        {
            Report(session, FlowReportEvent.End, nowMilliseconds, worker);
        }
    }

    // Without the lock these are guesses: what they say is asked again under it.
    private bool IsNew(int slot)
    {
        var session = SessionOf(slot);
        return flows[session].InUse && !flows[session].Key.IsWide && !marks[session].IsOf(flows[session].CreatedAt);
    }

    private bool IsDue(int session, long nowMilliseconds) =>
        updateMilliseconds > 0
        && marks[session].IsOf(flows[session].CreatedAt)
        && marks[session].Age(nowMilliseconds) >= updateMilliseconds
        && marks[session].IsBefore(flows.LastSeen(session));

    private void Look(int slot, long nowMilliseconds)
    {
        if (!IsNew(slot))
        {
            return;
        }

        var session = SessionOf(slot);

        var isNew = !marks[session].IsNone || flows[session].CreatedAt >= onSince;
        EndEarlier(session, nowMilliseconds, sessions);

        marks[session] = new SessionMark(flows[session].CreatedAt, nowMilliseconds);
        if (isNew)
        {
            Report(session, FlowReportEvent.Start, nowMilliseconds, sessions);
        }
    }

    // Where ports are used again at once, a program begins the pair anew in its place, maybe more than once between two looks: then the session
    // that was reported stands for all but the last of them, so that each packet is counted. Called under the table's lock.
    private void EndEarlier(int session, long nowMilliseconds, SessionReports worker)
    {
        ref var flow = ref flows[session];
        if (EarlierBegan(session) is not { } began)
        {
            return;
        }

        if (flow.Action == FlowAction.Drop || !IsLeftOut(SessionReports.NumberOf(session, began)))
        {
            Add(worker.DescribeEarlier(session, began, nowMilliseconds), FlowReportEvent.End);
        }

        flow.ForgetEarlier();
        if (flow.Reverse >= 0)
        {
            flows[flow.Reverse].ForgetEarlier();
        }
    }

    // Of a session that was not reported as it began, the counts are the later one's; unless an earlier process may have reported it.
    private long? EarlierBegan(int session)
    {
        ref readonly var flow = ref flows[session];
        var mark = marks[session];
        if (!mark.IsNone)
        {
            return mark.IsOf(flow.CreatedAt) ? null : mark.BeganBefore(flow.CreatedAt);
        }

        var began = new SessionMark(flow.EarlierBegan, reportedMilliseconds: 0).BeganBefore(flow.CreatedAt);
        return flow.EarlierBegan != 0 && began < onSince ? began : null;
    }

    private void Report(int session, FlowReportEvent kind, long nowMilliseconds, SessionReports worker)
    {
        ref readonly var flow = ref flows[session];
        var isLeftOut =
            flow.Action == FlowAction.Forward
            && (IsLeftOut(SessionReports.NumberOf(session, flow.CreatedAt)) || (kind == FlowReportEvent.Start && !hasStarts));
        if (!isLeftOut)
        {
            Add(worker.Describe(session, nowMilliseconds), kind);
        }
    }

    private void Add(FlowReport report, FlowReportEvent kind)
    {
        report.Event = kind;
        report.Sampling = report.IsDenied ? 1 : sampling;
        Reports.Add(report);
    }

    // Multiplied by an odd number close to 2^64 / golden ratio, so that neighbours in slot and time are spread.
    private bool IsLeftOut(ulong session) => sampling > 1 && (uint)(session * 0x9E37_79B9_7F4A_7C15 >> 32) % sampling != 0;

    private bool HasPackets(int session) =>
        flows[session].Packets > 0 || (flows[session].Reverse >= 0 && flows[flows[session].Reverse].Packets > 0);

    // Answers without a connection are denied, and a session of their own.
    private int SessionOf(int slot) => flows[slot].Reverse is var reverse && (flows[slot].IsInitiator || reverse < 0) ? slot : reverse;
}
