using Fabric.Datapath.Shared;
using Fabric.Model.Datapath;
using Fabric.Primitives;
using Fabric.Wire.Packets;

namespace Fabric.Datapath;

/// <summary>
/// The data plane: packets in, packets out. Owned by one loop, which gives it the time and applies batches to its tables in between. There is one
/// for each worker: they share the flows, and each has tables, fragments and counters of its own (docs/decisions/0016).
/// </summary>
public sealed class Pipeline
{
    private readonly SharedMemory memory;
    private readonly PipelineOptions options;
    private readonly DatapathTables tables;
    private readonly FlowProcessor processor;
    private readonly FlowAgeing? ageing;
    private readonly DropSamples samples;
    private readonly FragmentTable fragments;
    private readonly IcmpErrorSender icmpErrors;
    private readonly DhcpResponder dhcp = new();
    private readonly TunnelOutput tunnels = new();

    /// <summary>The first worker's.</summary>
    /// <param name="memory">Where flows and counters are; what it holds of an earlier process is taken over. It must outlive the pipeline.</param>
    /// <param name="options">Limits and times.</param>
    public Pipeline(SharedMemory memory, PipelineOptions options)
        : this(memory, options, new DatapathTables(memory), new FlowTable(memory, options.FlowsPerVif), records: null, worker: 0) =>
        ageing = new FlowAgeing(tables, Flows, options);

    private Pipeline(Pipeline first, int worker)
        : this(first.memory, first.options, new DatapathTables(first.tables, worker), new FlowTable(first.Flows), first.Records, worker) { }

    private Pipeline(
        SharedMemory memory,
        PipelineOptions options,
        DatapathTables tables,
        FlowTable flows,
        FlowRecorder? records,
        int worker
    )
    {
        this.memory = memory;
        this.options = options;
        this.tables = tables;
        Flows = flows;
        Drops = new DropLog(memory, memory.Sizes.LaneOf(worker), options.RecentDropCapacity);
        Records = records ?? new FlowRecorder(memory, tables, flows, Drops);
        samples = Records.Drops.AddWorker();
        processor = new FlowProcessor(tables, flows, options);
        fragments = new FragmentTable(options.FragmentMilliseconds, flows.Seed);
        icmpErrors = new IcmpErrorSender(tables.Limits, options.IcmpErrorsPerSecond);
        flows.Sessions = new SessionReports(tables, flows, Records);
    }

    public DatapathTables Tables => tables;

    public FlowTable Flows { get; }

    public DropLog Drops { get; }

    /// <summary>What the agent is told of sessions; the first worker's.</summary>
    public FlowRecorder Records { get; }

    /// <summary>
    /// The pipeline of another worker, to be given the same batches in the same order, each after the first worker. Made before the first batch.
    /// </summary>
    /// <param name="worker">Its number; the memory has a lane for it.</param>
    public Pipeline ForWorker(int worker)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(worker, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(worker, memory.Sizes.Workers);
        return new Pipeline(this, worker);
    }

    /// <summary>Takes an Ethernet frame that a VM sent. The buffer is the pipeline's until it returns.</summary>
    public void FromVif(uint vif, ref PacketBuffer frame, in PacketOffload offload, long nowMilliseconds, IPacketOutput output)
    {
        var port = tables.Vif(vif);
        var facts = default(PacketFacts);
        string? rule = null;
        var (offset, length) = (frame.Offset, frame.Length);
        var reason = port is null
            ? DropReason.UnknownVif
            : HandleFrame(port, ref frame, offload, nowMilliseconds, output, ref facts, ref rule);
        if (reason != DropReason.None)
        {
            Drop(reason, port, facts, rule, frame.Storage.Slice(offset, length), nowMilliseconds);
        }
    }

    /// <summary>Takes an IPv4 packet of the underlay, from its outer header on, from which the offsets of the offload count.</summary>
    public void FromUplink(ref PacketBuffer packet, in PacketOffload offload, long nowMilliseconds, IPacketOutput output)
    {
        Vif? port = null;
        var facts = default(PacketFacts);
        string? rule = null;
        var (offset, length) = (packet.Offset, packet.Length);
        var reason = HandleOuter(ref packet, offload, nowMilliseconds, output, ref port, ref facts, ref rule);
        if (reason != DropReason.None)
        {
            Drop(reason, port, facts, rule, packet.Storage.Slice(offset, length), nowMilliseconds);
        }
    }

    /// <summary>Counts a packet that the host lost on its way here.</summary>
    /// <param name="vif">Whose it was; null for one of the underlay.</param>
    public void CountDrop(uint? vif, DropReason reason, long nowMilliseconds) =>
        Drops.Count(reason, vif is { } id ? tables.Vif(id) : null, nowMilliseconds);

    /// <summary>
    /// Removes flows that were idle too long, some entries in each call, and reports sessions; the first worker calls it every 100 milliseconds or so.
    /// </summary>
    public void Age(long nowMilliseconds)
    {
        Records.Run(nowMilliseconds);
        ageing?.Run(nowMilliseconds);
    }

    private void Drop(DropReason reason, Vif? vif, in PacketFacts facts, string? rule, ReadOnlySpan<byte> packet, long nowMilliseconds)
    {
        Drops.Count(reason, vif, nowMilliseconds, facts.KeyAt(vif?.NextHop ?? 0), rule);
        samples.Keep(vif?.Id ?? FlowReport.NoVif, reason, facts, rule, packet);
    }

    private DropReason HandleFrame(
        Vif vif,
        ref PacketBuffer frame,
        in PacketOffload offload,
        long nowMilliseconds,
        IPacketOutput output,
        ref PacketFacts facts,
        ref string? rule
    )
    {
        vif.Statistics.CountReceived(frame.Length);
        if (!EthernetHeader.TryRead(frame.Packet, out var ethernet))
        {
            return DropReason.TruncatedFrame;
        }

        if (ethernet.Source != vif.Mac)
        {
            return DropReason.SpoofedSourceMac;
        }

        switch (ethernet.Type)
        {
            case EtherType.Arp:
                return ArpResponder.Answer(vif, ref frame, tables, output);
            case EtherType.Ipv4:
                return HandleIpv4(vif, ethernet.Destination, ref frame, offload, nowMilliseconds, output, ref facts, ref rule);
            case EtherType.Ipv6:
                return DropReason.Ipv6;
            default:
                return ethernet.Destination == MacAddress.Broadcast ? DropReason.Broadcast
                    : ethernet.Destination.IsMulticast ? DropReason.Multicast
                    : DropReason.UnsupportedEtherType;
        }
    }

    private DropReason HandleIpv4(
        Vif vif,
        MacAddress destination,
        ref PacketBuffer frame,
        in PacketOffload offload,
        long nowMilliseconds,
        IPacketOutput output,
        ref PacketFacts facts,
        ref string? rule
    )
    {
        var packet = frame.Packet[EthernetHeader.Size..];
        var reason = PacketParser.Parse(packet, out facts);
        if (reason != DropReason.None)
        {
            return reason;
        }

        if (!ChecksumOffload.Fits(facts, offload))
        {
            return DropReason.InvalidOffload;
        }

        if (DhcpResponder.IsRequest(facts, vif))
        {
            return dhcp.Answer(vif, packet, facts, tables.Host, output);
        }

        reason =
            !vif.HasAddress(facts.Source) ? DropReason.SpoofedSourceAddress
            : destination == MacAddress.Broadcast ? DropReason.Broadcast
            : destination.IsMulticast ? DropReason.Multicast
            : destination != MacAddress.VirtualRouter ? DropReason.UnknownDestinationMac
            : CheckDestination(facts.Destination);
        reason = reason == DropReason.None ? FollowFragments(ref facts, vif, nowMilliseconds) : reason;
        if (reason != DropReason.None)
        {
            return reason;
        }

        var verdict = processor.Pass(facts, vif, PacketOrigin.Vif, nowMilliseconds);
        rule = verdict.Rule;
        return verdict.Reason != DropReason.None
            ? verdict.Reason
            : Forward(vif, verdict, ref frame, facts, offload, nowMilliseconds, output);
    }

    private DropReason Forward(
        Vif vif,
        in FlowVerdict verdict,
        ref PacketBuffer frame,
        in PacketFacts facts,
        in PacketOffload offload,
        long nowMilliseconds,
        IPacketOutput output
    )
    {
        if (verdict.NextHop is not { } nextHop)
        {
            return DropReason.InvalidNextHop;
        }

        if (nextHop.Kind == NextHopKind.Receive)
        {
            return EchoResponder.Answer(vif, ref frame, facts, output);
        }

        frame.Trim(EthernetHeader.Size + facts.TotalLength);
        var packet = frame.Packet[EthernetHeader.Size..];
        if (facts.TimeToLive <= 1)
        {
            icmpErrors.SendTimeExceeded(vif, packet, facts, nowMilliseconds, output);
            return DropReason.TtlExceeded;
        }

        if (nextHop.Kind == NextHopKind.Interface)
        {
            Ipv4Header.DecrementTimeToLive(packet[..facts.HeaderLength]);
            return Deliver(nextHop.Vif, ref frame, offload, output);
        }

        var reason = CheckTunnel(nextHop, verdict.Label);
        if (reason != DropReason.None)
        {
            return reason;
        }

        var mtu = tables.Host.TenantMtuOf(nextHop.TunnelKind);
        var target = new TunnelTarget(
            nextHop.TunnelKind,
            tables.Host.TunnelSource,
            nextHop.TunnelDestination,
            verdict.Label,
            TunnelTarget.SourcePortOf(facts.KeyAt(vif.NextHop).Hash(Flows.Seed))
        );
        reason = tunnels.Send(ref frame, facts, offload, mtu, target, output);
        if (reason == DropReason.FragmentationNeeded)
        {
            icmpErrors.SendFragmentationNeeded(vif, packet, facts, mtu, nowMilliseconds, output);
        }

        return reason;
    }

    private DropReason CheckTunnel(NextHop nextHop, uint label) =>
        nextHop.Kind != NextHopKind.Tunnel || label == 0 ? DropReason.InvalidNextHop
        : nextHop.TunnelKind is not (TunnelKind.MplsOverGre or TunnelKind.MplsOverUdp) ? DropReason.UnsupportedTunnel
        : tables.Host.TunnelSource == 0 ? DropReason.NoTunnelSource
        : DropReason.None;

    private DropReason HandleOuter(
        ref PacketBuffer packet,
        in PacketOffload offload,
        long nowMilliseconds,
        IPacketOutput output,
        ref Vif? vif,
        ref PacketFacts facts,
        ref string? rule
    )
    {
        var outer = packet.Offset;
        var reason = Decapsulation.Open(ref packet, tables, out var origin, out vif);
        if (reason is DropReason.UnknownLabel or DropReason.InvalidNextHop && IsAboveMissRateOfUnderlay(nowMilliseconds))
        {
            return DropReason.MissRateOfUnderlay;
        }

        if (reason == DropReason.None)
        {
            reason = PacketParser.Parse(packet.Packet, out facts);
        }

        var frameOffload = PacketOffload.None;
        if (
            reason == DropReason.None
            && offload != PacketOffload.None
            && !TunnelOffload.TryTake(facts, offload.Behind(packet.Offset - outer), out frameOffload)
        )
        {
            reason = DropReason.InvalidOffload;
        }

        reason = reason == DropReason.None ? CheckDestination(facts.Destination) : reason;
        reason = reason == DropReason.None && IsOfNoMachine(facts.Source) ? DropReason.InvalidSource : reason;
        reason = reason == DropReason.None ? FollowFragments(ref facts, vif!, nowMilliseconds) : reason;
        if (reason != DropReason.None)
        {
            return reason;
        }

        var verdict = processor.Pass(facts, vif!, PacketOrigin.Uplink(origin.Host), nowMilliseconds);
        rule = verdict.Rule;
        if (verdict.Reason != DropReason.None)
        {
            return verdict.Reason;
        }

        packet.Trim(facts.TotalLength);
        SegmentSizeClamp.Apply(packet.Packet, facts, tables.Host.TenantMtuOf(origin.Kind), hasWholeChecksum: !frameOffload.NeedsChecksum);
        packet.Prepend(EthernetHeader.Size);
        return Deliver(vif!.Id, ref packet, frameOffload, output);
    }

    // As where programs hand it up (bpf/uplink_ingress.h): a flood has the same reasons in both.
    private bool IsAboveMissRateOfUnderlay(long nowMilliseconds) =>
        options.MissesOfUnderlayPerSecond > 0
        && !tables.Limits.MissesOfNobody.Take(
            options.MissesOfUnderlayPerSecond,
            TokenBucket.BurstOf(options.MissesOfUnderlayPerSecond),
            nowMilliseconds
        );

    private DropReason Deliver(uint id, ref PacketBuffer frame, in PacketOffload offload, IPacketOutput output)
    {
        if (tables.Vif(id) is not { } vif)
        {
            return DropReason.InvalidNextHop;
        }

        EthernetHeader.Write(frame.Packet, vif.Mac, MacAddress.VirtualRouter, EtherType.Ipv4);
        vif.Statistics.CountSent(frame.Length);
        output.ToVif(id, frame.Packet, offload);
        return DropReason.None;
    }

    private DropReason FollowFragments(ref PacketFacts facts, Vif vif, long nowMilliseconds)
    {
        if (facts.IsLaterFragment)
        {
            return fragments.TryComplete(ref facts, vif.NextHop, nowMilliseconds) ? DropReason.None : DropReason.FragmentWithoutHead;
        }

        if (facts.IsFragment)
        {
            fragments.Remember(facts, vif.NextHop, nowMilliseconds);
        }

        return DropReason.None;
    }

    // Multicast, class E and limited broadcast; loopback and "this network" (RFC 1122 section 3.2.1.3).
    private static DropReason CheckDestination(uint address) =>
        address == uint.MaxValue ? DropReason.Broadcast
        : address >> 28 == 0xE ? DropReason.Multicast
        : IsOfNoMachine(address) ? DropReason.InvalidDestination
        : DropReason.None;

    // No packet has such a source (RFC 1812 section 5.3.7). Of a machine of this host, its addresses say more.
    private static bool IsOfNoMachine(uint address) => address >> 24 is 0 or 127 or >= 0xE0;
}
