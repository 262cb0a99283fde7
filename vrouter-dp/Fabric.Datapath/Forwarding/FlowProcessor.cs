using Fabric.Datapath.Shared;
using Fabric.Wire.Packets;

namespace Fabric.Datapath;

/// <summary>
/// Finds or makes the flow of a packet. An allowed connection gets two entries, so that answers pass by the first direction's verdict; a
/// denied packet gets one, so that its repetitions are cheap. An entry older than a change of anything that it depends on is evaluated
/// again with the next packet and keeps its counters. Where no policy applies, packets have entries by blocks of addresses instead
/// (docs/decisions/0012).
/// </summary>
internal sealed class FlowProcessor(DatapathTables tables, FlowTable flows, PipelineOptions options)
{
    // As the kernel's programs have it (bpf/miss_limit.h): 50 ms of the rate, and no less than what a machine asks that has just started.
    private readonly int burstOfMisses = Math.Max(64, options.MissesPerSecond / 20);
    private readonly Evaluator evaluator = new(tables, options.ReversePathCheck, flows.Seed);
    private readonly VerdictWriter verdicts = new(tables, flows);
    private readonly WideFlows wide = new(tables, flows);
    private readonly StatelessFlows stateless = new(tables, flows);
    private readonly FlowSlot[] noReverse = new FlowSlot[1];

    public FlowVerdict Pass(in PacketFacts facts, Vif vif, in PacketOrigin origin, long nowMilliseconds)
    {
        if (facts.IsIcmpError && TryPassQuoted(facts, vif, origin, nowMilliseconds, out var quoted))
        {
            return quoted;
        }

        var key = facts.KeyAt(vif.NextHop);
        var index = flows.Find(key);
        if (index >= 0 && facts.OpensConnection && flows.IsClosed(index))
        {
            index = Forget(index, nowMilliseconds);
        }

        if (index < 0)
        {
            return IsAboveMissRate(vif, origin, nowMilliseconds)
                ? FlowVerdict.Drop(DropReason.MissRateOfVif)
                : Admit(facts, key, vif, origin, nowMilliseconds);
        }

        if (!IsCurrent(index, origin))
        {
            ref readonly var flow = ref flows[index];
            var evaluation = evaluator.Evaluate(key, flow.IsInitiator, flow.IcmpType, vif, origin, (flow.NextHop, flow.Label));
            using var held = flows.Lock();
            return Update(index, evaluation, facts, vif, origin, nowMilliseconds);
        }

        return Count(index, facts, nowMilliseconds);
    }

    // What comes from the underlay has passed the limit of its sender's host.
    private bool IsAboveMissRate(Vif vif, in PacketOrigin origin, long nowMilliseconds) =>
        options.MissesPerSecond > 0 && !origin.IsUplink && !vif.Misses.Take(options.MissesPerSecond, burstOfMisses, nowMilliseconds);

    // A program may have begun the connection anew by now; then its entry stays.
    private int Forget(int index, long nowMilliseconds)
    {
        using var held = flows.Lock();
        if (!flows.IsClosed(index))
        {
            return index;
        }

        flows.RemoveWithReverse(index, nowMilliseconds);
        return -1;
    }

    // An ICMP error goes the way of the flow whose packet it quotes, whichever router sent it.
    private bool TryPassQuoted(in PacketFacts facts, Vif vif, in PacketOrigin origin, long nowMilliseconds, out FlowVerdict verdict)
    {
        verdict = default;
        var key = facts.QuotedReverse with { NextHop = vif.NextHop };
        var index = flows.Find(key);
        index = index < 0 ? stateless.Find(key, vif, origin) : index;
        if (index < 0)
        {
            return false;
        }

        ref readonly var flow = ref flows[index];
        var sameOrigin = origin with { OuterSource = flow.OuterSource };
        if (IsCurrent(index, sameOrigin))
        {
            verdict = flow.Action == FlowAction.Forward ? Count(index, facts, nowMilliseconds) : default;
            return flow.Action == FlowAction.Forward;
        }

        // The error may be the first packet of its direction.
        var evaluation = evaluator.Evaluate(key, flow.IsInitiator, flow.IcmpType, vif, origin, (flow.NextHop, flow.Label));
        verdict = new FlowVerdict(DropReason.None, evaluation.Rule, evaluation.NextHop, evaluation.Label);
        return evaluation.Reason == DropReason.None;
    }

    private FlowVerdict Admit(in PacketFacts facts, in FlowKey key, Vif vif, in PacketOrigin origin, long nowMilliseconds)
    {
        var ofBlocks = stateless.Find(key, vif, origin);
        if (ofBlocks >= 0 && IsCurrent(ofBlocks, origin))
        {
            return Count(ofBlocks, facts, nowMilliseconds);
        }

        if (ofBlocks < 0 && TryMake(key, origin, nowMilliseconds) is var made and >= 0)
        {
            return Count(made, facts, nowMilliseconds);
        }

        var isInitiator = true;
        var evaluation = evaluator.Evaluate(key, isInitiator, facts.IcmpType, vif, origin, default);
        if (IsDenied(evaluation) && facts.IsMidstream)
        {
            // A connection older than the flow table: which side opened it is not known, so either may have.
            var asAnswer = evaluator.Evaluate(key, isInitiator: false, facts.IcmpType, vif, origin, default);
            isInitiator = asAnswer.Reason != DropReason.None;
            evaluation = isInitiator ? evaluation : asAnswer;
        }

        if (evaluation.IsForUs)
        {
            return new FlowVerdict(DropReason.None, Rule: null, evaluation.NextHop, Label: 0);
        }

        using var held = flows.Lock();
        if (stateless.Covers(key, evaluation, vif, origin))
        {
            return PassStateless(facts, key, evaluation, vif, origin, nowMilliseconds);
        }

        stateless.Forget(key, vif, origin, nowMilliseconds);
        var index = flows.Find(key);
        if (index < 0)
        {
            // Denials may fill only half the table; behind that they are evaluated each time.
            var isDropped = evaluation.Reason != DropReason.None;
            var refusal =
                isDropped && flows.Count >= flows.Capacity / 2 ? DropReason.FlowTableFull : flows.Refusal(vif.Id, 1, nowMilliseconds);
            if (refusal != DropReason.None)
            {
                return isDropped ? FlowVerdict.Drop(evaluation.Reason, evaluation.Rule) : FlowVerdict.Drop(refusal);
            }

            index = flows.Add(key, vif.Id, isInitiator, facts.IcmpType, nowMilliseconds);
        }

        return Update(index, evaluation, facts, vif, origin, nowMilliseconds);
    }

    // What needs no state needs no entry either: where there is no room for one, packets are evaluated each time.
    private FlowVerdict PassStateless(
        in PacketFacts facts,
        in FlowKey key,
        in Evaluation evaluation,
        Vif vif,
        in PacketOrigin origin,
        long nowMilliseconds
    )
    {
        var index = Keep(key, evaluation, vif, origin, nowMilliseconds);
        ForeseeStateless(key, evaluation, vif, nowMilliseconds);
        return index >= 0
            ? Count(index, facts, nowMilliseconds)
            : new FlowVerdict(DropReason.None, Rule: null, evaluation.NextHop, evaluation.Label);
    }

    // The first answer finds its verdict made, and an ICMP error about a packet that was sent that of the answers to it.
    private void ForeseeStateless(in FlowKey key, in Evaluation forward, Vif vif, long nowMilliseconds)
    {
        var sender = forward.Destination ?? vif;
        var origin = OriginOfAnswers(forward);
        var answer = key.Reverse(sender.NextHop);
        var evaluation = evaluator.Evaluate(answer, isInitiator: false, icmpType: 0, sender, origin, default);
        if (stateless.Covers(answer, evaluation, sender, origin))
        {
            Keep(answer, evaluation, sender, origin, nowMilliseconds);
        }
    }

    private int Keep(in FlowKey key, in Evaluation evaluation, Vif vif, in PacketOrigin origin, long nowMilliseconds)
    {
        var index = stateless.Take(key, vif, origin, nowMilliseconds);
        if (index >= 0)
        {
            verdicts.Store(index, evaluation, origin);
        }

        return index;
    }

    private int TryMake(in FlowKey key, in PacketOrigin origin, long nowMilliseconds)
    {
        using var held = flows.Lock();
        return flows.Find(key) < 0 ? wide.TryMake(key, origin, nowMilliseconds) : -1;
    }

    private FlowVerdict Update(
        int index,
        in Evaluation evaluation,
        in PacketFacts facts,
        Vif vif,
        in PacketOrigin origin,
        long nowMilliseconds
    )
    {
        if (evaluation.IsForUs)
        {
            flows.RemoveWithReverse(index, nowMilliseconds);
            return new FlowVerdict(DropReason.None, Rule: null, evaluation.NextHop, Label: 0);
        }

        if (evaluation.Reason == DropReason.None)
        {
            var refusal = EnsureReverse(index, evaluation, vif, nowMilliseconds);
            if (refusal != DropReason.None)
            {
                flows.Remove(index, nowMilliseconds);
                return FlowVerdict.Drop(refusal);
            }
        }

        verdicts.Store(index, evaluation, origin);
        var ports = ForeseeReverse(index, evaluation, vif);
        if (!stateless.Covers(flows[index].Key, evaluation, vif, origin))
        {
            wide.Learn(index, ports.And(evaluation.Ports), nowMilliseconds);
        }

        return Count(index, facts, nowMilliseconds);
    }

    private DropReason EnsureReverse(int index, in Evaluation evaluation, Vif vif, long nowMilliseconds)
    {
        // Answers from a local interface come in under its own key, those from the underlay under the key of the interface that they are for.
        ref readonly var flow = ref flows[index];
        var reverseVif = evaluation.Destination ?? vif;
        var reverseKey = flow.Key.Reverse(reverseVif.NextHop);
        if (flow.Reverse >= 0 && flows[flow.Reverse].Key == reverseKey)
        {
            return DropReason.None;
        }

        if (flow.Reverse >= 0)
        {
            flows.Remove(flow.Reverse, nowMilliseconds);
        }

        var stale = flows.Find(reverseKey);
        if (stale >= 0)
        {
            flows.RemoveWithReverse(stale, nowMilliseconds);
        }

        var refusal = flows.Refusal(reverseVif.Id, 1, nowMilliseconds);
        if (refusal != DropReason.None)
        {
            return refusal;
        }

        // Alone, answers were denied: a session of its own, not of the connection that they are let into now.
        if (!flow.IsInitiator)
        {
            flows.BeginAgain(index, nowMilliseconds);
        }

        var reverse = flows.Add(reverseKey, reverseVif.Id, !flow.IsInitiator, flow.IcmpType, nowMilliseconds);
        flows.SetRule(reverse, evaluation.Rule);
        flows.Link(index, reverse);
        return DropReason.None;
    }

    // The first answer finds its verdict made. What is not plainly allowed, or comes from elsewhere, is evaluated with its packet; and no program
    // may find one for an address that the machine does not have, since only C# knows its addresses. Says for which ports of the side that did
    // not open the connection that verdict is the same.
    private PortSpan ForeseeReverse(int index, in Evaluation forward, Vif vif)
    {
        var reverse = flows[index].Reverse;
        if (forward.Reason != DropReason.None || reverse < 0 || flows.IsCurrent(reverse))
        {
            return PortSpan.None;
        }

        ref readonly var flow = ref flows[reverse];
        var sender = forward.Destination ?? vif;
        var origin = OriginOfAnswers(forward);
        var evaluation = evaluator.Evaluate(flow.Key, flow.IsInitiator, flow.IcmpType, sender, origin, (flow.NextHop, flow.Label));
        var isPair = flow.Key.Reverse((evaluation.Destination ?? sender).NextHop) == flows[index].Key;
        var isSpoofed = !origin.IsUplink && !sender.HasAddress(flow.Key.Source);
        if (evaluation.Reason != DropReason.None || evaluation.IsForUs || !isPair || isSpoofed)
        {
            return PortSpan.None;
        }

        verdicts.Store(reverse, evaluation, origin);
        return evaluation.Ports;
    }

    private static PacketOrigin OriginOfAnswers(in Evaluation forward) =>
        forward.Destination is null ? PacketOrigin.Uplink(forward.NextHop!.TunnelDestination) : PacketOrigin.Vif;

    private bool IsCurrent(int index, in PacketOrigin origin) => flows[index].OuterSource == origin.OuterSource && flows.IsCurrent(index);

    private FlowVerdict Count(int index, in PacketFacts facts, long nowMilliseconds)
    {
        ref var flow = ref flows[index];
        flow.Count(facts.TotalLength, nowMilliseconds);
        if (facts.Protocol == IpProtocol.Tcp && !facts.IsLaterFragment && !flow.Key.IsStateless)
        {
            ref var reverse = ref flow.Reverse < 0 ? ref noReverse[0] : ref flows[flow.Reverse];
            TcpTracker.Follow(ref flow, reverse, facts);
        }

        return flow.Action == FlowAction.Drop
            ? FlowVerdict.Drop(flow.Reason, flows.RuleOf(index))
            : new FlowVerdict(DropReason.None, flows.RuleOf(index), tables.NextHop(flow.NextHop), flow.Label);
    }

    private static bool IsDenied(in Evaluation evaluation) =>
        evaluation.Reason is DropReason.SecurityGroupEgress or DropReason.SecurityGroupIngress;
}
