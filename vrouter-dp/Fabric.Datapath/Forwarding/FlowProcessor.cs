using Fabric.Datapath.Shared;
using Fabric.Wire.Packets;

namespace Fabric.Datapath;

/// <summary>
/// Finds or makes the flow of a packet. An allowed connection gets two entries, so that answers pass by the first direction's verdict; a
/// denied packet gets one, so that its repetitions are cheap. An entry older than a change of anything that it depends on is evaluated
/// again with the next packet and keeps its counters. Where no policy applies, packets have entries by blocks of addresses instead
/// (docs/decisions/0012). Other workers and programs do the same beside it: what was evaluated without the lock is stored under it only where the
/// entry is still what was evaluated (docs/decisions/0016).
/// </summary>
internal sealed class FlowProcessor(DatapathTables tables, FlowTable flows, PipelineOptions options)
{
    private readonly int burstOfMisses = TokenBucket.BurstOf(options.MissesPerSecond);
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
        if (index >= 0 && !Reopens(index, facts))
        {
            return flows[index].Vif == vif.Id && TryPass(index, key, origin, facts, nowMilliseconds, out var verdict)
                ? verdict
                : Revalidate(index, facts, key, vif, origin, nowMilliseconds);
        }

        if (IsAboveMissRate(vif, origin, nowMilliseconds))
        {
            return FlowVerdict.Drop(origin.IsUplink ? DropReason.MissRateToVif : DropReason.MissRateOfVif);
        }

        return index < 0 ? Admit(facts, key, vif, origin, nowMilliseconds) : Reopen(index, facts, key, vif, origin, nowMilliseconds);
    }

    // A SYN of the side that did not open the connection, as far as is known, is that of a connection of its own; unless the other has sent
    // one too: both may open it at the same time (RFC 9293 section 3.5).
    private bool Reopens(int index, in PacketFacts facts) => facts.OpensConnection && (flows.IsDone(index) || flows.IsAdopted(index));

    // A SYN that is not let in leaves a connection alone that is not its own.
    private FlowVerdict Reopen(int index, in PacketFacts facts, in FlowKey key, Vif vif, in PacketOrigin origin, long nowMilliseconds)
    {
        if (!flows.IsClosed(index))
        {
            var evaluation = evaluator.Evaluate(key, isInitiator: true, facts.IcmpType, vif, origin, default);
            if (evaluation.Reason != DropReason.None)
            {
                return VerdictOf(evaluation);
            }
        }

        using (flows.Lock())
        {
            // A program or another worker may have begun the connection anew by now; then its entry stays.
            if (IsOf(index, key) && Reopens(index, facts))
            {
                flows.RemoveWithReverse(index, nowMilliseconds);
            }
        }

        return Admit(facts, key, vif, origin, nowMilliseconds);
    }

    // What comes from the underlay has a rate of its own: a gateway lets floods through, which must not use up what the interface may begin itself.
    private bool IsAboveMissRate(Vif vif, in PacketOrigin origin, long nowMilliseconds)
    {
        ref var bucket = ref origin.IsUplink ? ref tables.Limits.MissesOfUnderlay(vif.Id) : ref tables.Limits.Misses(vif.Id);
        return options.MissesPerSecond > 0 && !bucket.Take(options.MissesPerSecond, burstOfMisses, nowMilliseconds);
    }

    // By an entry whose verdict holds, and was not made by tables that are ahead of these: what it speaks of may be missing here.
    private bool TryPass(
        int index,
        in FlowKey key,
        in PacketOrigin origin,
        in PacketFacts facts,
        long nowMilliseconds,
        out FlowVerdict verdict
    )
    {
        verdict = default;
        if (!flows.TryRead(index, key, origin.OuterSource, out var ruling) || ruling.ValidatedAt > tables.Change)
        {
            return false;
        }

        Count(index, facts, nowMilliseconds);
        verdict = VerdictOf(ruling);
        return true;
    }

    // The entry may be another flow's by now: then what was asked about it was wrong, and the lock shows it. One that has gone says nothing any more
    // of who opened the connection, and neither does one of a machine that had the interface's number before.
    private FlowVerdict Revalidate(int index, in PacketFacts facts, in FlowKey key, Vif vif, in PacketOrigin origin, long nowMilliseconds)
    {
        ref readonly var flow = ref flows[index];
        var opening = new Opening(flow.IsInitiator, flow.IcmpType);
        var evaluation = Evaluate(key, opening, flow.Verdict, vif, origin);
        using (flows.Lock())
        {
            var found = flows.Find(key);
            if (found >= 0 && !IsOfOthers(found, vif, evaluation.Destination))
            {
                return Settle(facts, key, opening, evaluation, vif, origin, nowMilliseconds);
            }

            if (found >= 0)
            {
                flows.RemoveWithReverse(found, nowMilliseconds);
            }
        }

        return Admit(facts, key, vif, origin, nowMilliseconds);
    }

    // The connection was another interface's, or one with a machine whose place another has taken: at either end on this host.
    private bool IsOfOthers(int index, Vif vif, Vif? destination)
    {
        ref readonly var flow = ref flows[index];
        var at = flow.Reverse is var reverse and >= 0 ? Math.Max(flow.ValidatedAt, flows[reverse].ValidatedAt) : flow.ValidatedAt;
        return flow.Vif != vif.Id || at < tables.BeganAt(vif.Id) || (destination is not null && at < tables.BeganAt(destination.Id));
    }

    private Evaluation Evaluate(in FlowKey key, in Opening opening, FlowVerdictWord current, Vif vif, in PacketOrigin origin) =>
        evaluator.Evaluate(key, opening.IsInitiator, opening.IcmpType, vif, origin, (current.NextHop, current.Label));

    private bool IsOf(int index, in FlowKey key) => flows[index].InUse && flows[index].Key == key;

    // An ICMP error goes the way of the flow whose packet it quotes, whichever router sent it: one of the underlay comes from where answers come
    // from, or from another host that the packet may have gone to.
    private bool TryPassQuoted(in PacketFacts facts, Vif vif, in PacketOrigin origin, long nowMilliseconds, out FlowVerdict verdict)
    {
        verdict = default;
        var key = facts.QuotedReverse with { NextHop = vif.NextHop };
        var found = key;
        var index = flows.Find(key);
        index = index < 0 ? stateless.Find(key, vif, origin, out found) : index;
        if (index < 0)
        {
            return false;
        }

        ref readonly var flow = ref flows[index];
        if (flows.TryRead(index, found, origin.OuterSource, out var ruling) && ruling.ValidatedAt <= tables.Change)
        {
            if (ruling.Verdict.Action != FlowAction.Forward)
            {
                return false;
            }

            Count(index, facts, nowMilliseconds);
            verdict = VerdictOf(ruling);
            return true;
        }

        // The error may be the first packet of its direction.
        var evaluation = Evaluate(key, new Opening(flow.IsInitiator, flow.IcmpType), flow.Verdict, vif, origin);
        verdict = new FlowVerdict(DropReason.None, evaluation.Rule, evaluation.NextHop, evaluation.Label);
        return evaluation.Reason == DropReason.None && !IsOfOthers(index, vif, evaluation.Destination);
    }

    private FlowVerdict Admit(in PacketFacts facts, in FlowKey key, Vif vif, in PacketOrigin origin, long nowMilliseconds)
    {
        var ofBlocks = stateless.Find(key, vif, origin, out var blocks);
        if (ofBlocks >= 0 && TryPass(ofBlocks, blocks, origin, facts, nowMilliseconds, out var verdict))
        {
            return verdict;
        }

        if (ofBlocks < 0 && TryMake(key, vif, origin, facts, nowMilliseconds, out verdict))
        {
            return verdict;
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
            return VerdictOf(evaluation);
        }

        using var held = flows.Lock();
        if (stateless.Covers(key, evaluation, vif, origin))
        {
            return PassStateless(facts, key, evaluation, vif, origin, nowMilliseconds);
        }

        stateless.Forget(key, vif, origin, nowMilliseconds);
        return Settle(facts, key, new Opening(isInitiator, facts.IcmpType), evaluation, vif, origin, nowMilliseconds);
    }

    // Under the lock the entry is looked for again: others may have removed it since, made it, or brought it up to date.
    private FlowVerdict Settle(
        in PacketFacts facts,
        in FlowKey key,
        in Opening opening,
        in Evaluation evaluation,
        Vif vif,
        in PacketOrigin origin,
        long nowMilliseconds
    )
    {
        var index = flows.Find(key);
        if (index < 0)
        {
            return Add(facts, key, opening, evaluation, vif, origin, nowMilliseconds);
        }

        ref readonly var flow = ref flows[index];
        if (TryPass(index, key, origin, facts, nowMilliseconds, out var verdict))
        {
            return verdict;
        }

        var found = new Opening(flow.IsInitiator, flow.IcmpType);
        var current = found == opening ? evaluation : Evaluate(key, found, flow.Verdict, vif, origin);
        if (current.Reason == DropReason.InvalidSource && flow.OuterSource != origin.OuterSource)
        {
            // Who sends in the name of another says nothing about the other's flow.
            return VerdictOf(current);
        }

        if (flow.ValidatedAt <= tables.Change)
        {
            return Update(index, current, facts, vif, origin, nowMilliseconds);
        }

        // A worker that is ahead was here: this packet still goes by the tables as they are here.
        Count(index, facts, nowMilliseconds);
        return VerdictOf(current);
    }

    private FlowVerdict Add(
        in PacketFacts facts,
        in FlowKey key,
        in Opening opening,
        in Evaluation evaluation,
        Vif vif,
        in PacketOrigin origin,
        long nowMilliseconds
    )
    {
        var isDropped = evaluation.Reason != DropReason.None;
        var refusal = isDropped ? flows.RefusalOfUnasked(vif.Id, nowMilliseconds) : flows.MakeRoom(vif.Id, 1, kept: -1, nowMilliseconds);
        if (refusal != DropReason.None)
        {
            return isDropped ? FlowVerdict.Drop(evaluation.Reason, evaluation.Rule) : FlowVerdict.Drop(refusal);
        }

        var index = flows.Add(key, vif.Id, opening.IsInitiator, opening.IcmpType, nowMilliseconds);
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
        if (index >= 0)
        {
            Count(index, facts, nowMilliseconds);
        }

        return VerdictOf(evaluation);
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

    private bool TryMake(
        in FlowKey key,
        Vif vif,
        in PacketOrigin origin,
        in PacketFacts facts,
        long nowMilliseconds,
        out FlowVerdict verdict
    )
    {
        verdict = default;
        using var held = flows.Lock();
        return flows.Find(key) < 0
            && wide.TryMake(key, vif.Id, origin, nowMilliseconds) is var made and >= 0
            && TryPass(made, key, origin, facts, nowMilliseconds, out verdict);
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
            return VerdictOf(evaluation);
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

        Count(index, facts, nowMilliseconds);
        return VerdictOf(evaluation);
    }

    private DropReason EnsureReverse(int index, in Evaluation evaluation, Vif vif, long nowMilliseconds)
    {
        // Answers from a local interface come in under its own key, those from the underlay under the key of the interface that they are for.
        ref readonly var flow = ref flows[index];
        var reverseVif = evaluation.Destination ?? vif;
        var reverseKey = flow.Key.Reverse(reverseVif.NextHop);
        if (flow.Reverse >= 0 && flows[flow.Reverse].Key == reverseKey && flows[flow.Reverse].Vif == reverseVif.Id)
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

        // Answers come to an interface that is said to have asked for them.
        var refusal = flow.IsInitiator
            ? flows.MakeRoom(reverseVif.Id, 1, kept: index, nowMilliseconds)
            : flows.RefusalOfUnasked(reverseVif.Id, nowMilliseconds);
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

    private void Count(int index, in PacketFacts facts, long nowMilliseconds)
    {
        ref var flow = ref flows[index];
        flow.Count(facts.TotalLength, nowMilliseconds);
        if (facts.Protocol == IpProtocol.Tcp && !facts.IsLaterFragment && !flow.Key.IsStateless)
        {
            ref var answers = ref flow.Reverse is var reverse and >= 0 ? ref flows[reverse] : ref noReverse[0];
            TcpTracker.Follow(ref flow, answers, facts);
        }
    }

    private FlowVerdict VerdictOf(in FlowRuling ruling) =>
        ruling.Verdict.Action == FlowAction.Drop
            ? FlowVerdict.Drop(ruling.Verdict.Reason, flows.RuleOf(ruling.Rule))
            : new FlowVerdict(DropReason.None, flows.RuleOf(ruling.Rule), tables.NextHop(ruling.Verdict.NextHop), ruling.Verdict.Label);

    private static FlowVerdict VerdictOf(in Evaluation evaluation) =>
        evaluation.Reason == DropReason.None
            ? new FlowVerdict(DropReason.None, evaluation.Rule, evaluation.NextHop, evaluation.Label)
            : FlowVerdict.Drop(evaluation.Reason, evaluation.Rule);

    /// <summary>What an evaluation asks of the connection that a direction is of.</summary>
    /// <param name="IsInitiator">The direction opened it.</param>
    /// <param name="IcmpType">ICMP type of the packet that opened it.</param>
    private readonly record struct Opening(bool IsInitiator, byte IcmpType);

    private static bool IsDenied(in Evaluation evaluation) =>
        evaluation.Reason is DropReason.SecurityGroupEgress or DropReason.SecurityGroupIngress;
}
