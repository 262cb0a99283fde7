using Fabric.Wire.Packets;

namespace Fabric.Datapath;

/// <summary>
/// Verdicts over all connections from one address to ports of another (docs/decisions/0011). No route and no rule looks at the port of the
/// side that opens a connection, and rules for its other port are about spans of ports; so what was found for one connection holds for many.
/// A wide pair is two entries like any, by whose verdicts exact pairs are made, here or by the kernel's programs, until something changes
/// that they came from. Called under the table's lock.
/// </summary>
internal sealed class WideFlows(DatapathTables tables, FlowTable flows)
{
    /// <summary>Two addresses have one entry for a span of so many ports or more; less get an entry for each port.</summary>
    private const int SmallestSpan = 256;

    // A pair is worth its entries from the second connection on, whichever workers have them.
    private readonly uint[] hadOne = flows.State.Kinds;

    /// <summary>Makes the pair of a new connection; -1 when no wide one says how, or it does not fit in.</summary>
    public int TryMake(in FlowKey key, uint vif, in PacketOrigin origin, long nowMilliseconds)
    {
        var wide = Find(key);
        if (wide < 0 || flows[wide].Vif != vif || flows[wide].OuterSource != origin.OuterSource || !IsCurrentPair(wide) || IsAhead(wide))
        {
            return -1;
        }

        var answer = flows[wide].Reverse;
        var answerKey = key.Reverse(flows[answer].Key.NextHop);
        if (answerKey == key || flows.Find(answerKey) >= 0 || !CanHaveRoom(wide, nowMilliseconds))
        {
            return -1;
        }

        flows[wide].Count(length: 0, nowMilliseconds);
        return AddPair(key, answerKey, wide, nowMilliseconds);
    }

    /// <summary>Lets a pair that was just evaluated stand for others, when that can be.</summary>
    /// <param name="index">The direction that opened the connection, or not.</param>
    /// <param name="ports">Both verdicts are the same for these ports.</param>
    /// <param name="nowMilliseconds">The time.</param>
    public void Learn(int index, PortSpan ports, long nowMilliseconds)
    {
        ref readonly var flow = ref flows[index];
        if (!flow.IsInitiator || !HasPorts(flow.Key.Protocol) || !ports.Has(flow.Key.DestinationPort) || !IsSettledPair(index))
        {
            return;
        }

        var span = SpanFor(flow.Key, ports);
        var key = flow.Key.Widen(span.First == span.Last ? span.First : (ushort)0);
        var answerKey = key.Reverse(flows[flow.Reverse].Key.NextHop);
        var wide = flows.Find(key);
        if (wide >= 0 && flows[wide].Reverse >= 0 && flows[flows[wide].Reverse].Key == answerKey && IsOfSameEnds(index, wide))
        {
            CopyVerdicts(index, wide);
            StandFor(wide, span);
            return;
        }

        Forget(wide, nowMilliseconds);
        Forget(flows.Find(answerKey), nowMilliseconds);
        if (IsRepeated(key) && HasRoom(flow.Vif, flows[flow.Reverse].Vif, nowMilliseconds))
        {
            StandFor(AddPair(key, answerKey, index, nowMilliseconds), span);
        }
    }

    private int Find(in FlowKey key)
    {
        var ofSpan = flows.Find(key.Widen(0));
        return ofSpan >= 0 && flows[ofSpan].Ports.Has(key.DestinationPort) ? ofSpan : flows.Find(key.Widen(key.DestinationPort));
    }

    // A span that holds still is left to the connections that it is for.
    private PortSpan SpanFor(in FlowKey key, PortSpan ports)
    {
        var port = key.DestinationPort;
        if (ports.Last - ports.First >= SmallestSpan)
        {
            var ofSpan = flows.Find(key.Widen(0));
            if (ofSpan < 0 || flows[ofSpan].Ports.Has(port) || !IsCurrentPair(ofSpan))
            {
                return ports;
            }
        }

        return new PortSpan(port, port);
    }

    private bool IsCurrentPair(int wide) => flows.IsCurrent(wide) && flows[wide].Reverse >= 0 && flows.IsCurrent(flows[wide].Reverse);

    // A next hop may have become another interface's.
    private bool IsOfSameEnds(int index, int wide) =>
        flows[wide].Vif == flows[index].Vif && flows[flows[wide].Reverse].Vif == flows[flows[index].Reverse].Vif;

    // Another worker's tables know more than these: what its verdict speaks of may be missing here.
    private bool IsAhead(int wide) => Math.Max(flows[wide].ValidatedAt, flows[flows[wide].Reverse].ValidatedAt) > tables.Change;

    private bool IsSettledPair(int index) => IsSettled(index) && flows[index].Reverse >= 0 && IsSettled(flows[index].Reverse);

    // The member of an ECMP route is chosen with both ports.
    private bool IsSettled(int index) =>
        flows[index].Action == FlowAction.Forward
        && flows.IsCurrent(index)
        && tables.NextHop(flows[index].RouteNextHop) is { Kind: not NextHopKind.Ecmp };

    private bool HasRoom(uint vif, uint vifOfAnswers, long nowMilliseconds) =>
        flows.Refusal(vif, 2, nowMilliseconds) == DropReason.None
        && (vif == vifOfAnswers || flows.Refusal(vifOfAnswers, 1, nowMilliseconds) == DropReason.None);

    private bool CanHaveRoom(int wide, long nowMilliseconds)
    {
        var (vif, vifOfAnswers) = (flows[wide].Vif, flows[flows[wide].Reverse].Vif);
        return flows.MakeRoom(vif, 2, wide, nowMilliseconds) == DropReason.None
            && (vif == vifOfAnswers || flows.MakeRoom(vifOfAnswers, 1, wide, nowMilliseconds) == DropReason.None);
    }

    private int AddPair(in FlowKey key, in FlowKey answerKey, int model, long nowMilliseconds)
    {
        var index = flows.Add(key, flows[model].Vif, isInitiator: true, icmpType: 0, nowMilliseconds);
        var answer = flows.Add(answerKey, flows[flows[model].Reverse].Vif, isInitiator: false, icmpType: 0, nowMilliseconds);
        flows.Link(index, answer);
        CopyVerdicts(model, index);
        return index;
    }

    private void CopyVerdicts(int from, int to)
    {
        flows.CopyVerdict(from, to);
        flows.CopyVerdict(flows[from].Reverse, flows[to].Reverse);
    }

    private void StandFor(int wide, PortSpan ports)
    {
        flows[wide].Ports = ports;
        flows[flows[wide].Reverse].Ports = ports;
    }

    private void Forget(int index, long nowMilliseconds)
    {
        if (index >= 0)
        {
            flows.RemoveWithReverse(index, nowMilliseconds);
        }
    }

    private bool IsRepeated(in FlowKey key)
    {
        var hash = key.Hash(flows.Seed);
        ref var place = ref hadOne[hash % FlowTableState.KindsRemembered];
        var isRepeated = place == hash;
        place = hash;
        return isRepeated;
    }

    private static bool HasPorts(byte protocol) => protocol is IpProtocol.Tcp or IpProtocol.Udp or IpProtocol.Sctp;
}
