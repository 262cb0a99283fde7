using Fabric.Wire.Packets;

namespace Fabric.Datapath;

/// <summary>Evaluates a direction of a connection: routes of source and destination, next hop, reverse path, security groups.</summary>
internal sealed class Evaluator(DatapathTables tables, ReversePathCheck check, ulong seed)
{
    private readonly SecurityPolicy policy = new(tables);
    private readonly ReversePath reversePath = new(tables, check);

    /// <param name="key">The packets, under the key next hop of <paramref name="vif"/>.</param>
    /// <param name="isInitiator">This direction opened the connection; else its security groups are asked about the other.</param>
    /// <param name="icmpType">ICMP type of the packet that opened it.</param>
    /// <param name="vif">The interface that sent the packet, or that a packet from the underlay is for.</param>
    /// <param name="origin">Which of both.</param>
    /// <param name="current">The ECMP member that the flow uses so far; it stays when it still is one.</param>
    public Evaluation Evaluate(
        in FlowKey key,
        bool isInitiator,
        byte icmpType,
        Vif vif,
        in PacketOrigin origin,
        (uint NextHop, uint Label) current
    )
    {
        if (tables.Vrf(vif.Vrf) is not { } vrf)
        {
            return new Evaluation { Reason = DropReason.UnknownVrf };
        }

        var path = origin.IsUplink ? PathFromUplink(key, vif, vrf, origin) : PathFromVif(key, vif, vrf, current);
        if (path.Reason != DropReason.None || path.IsForUs)
        {
            return path;
        }

        if (key.Reverse((path.Destination ?? vif).NextHop) == key)
        {
            return path with { Reason = DropReason.SameForwardAndReverseKey };
        }

        var sender = origin.IsUplink ? null : vif;
        var (reason, rule, ports) = isInitiator
            ? policy.Evaluate(Subject(key, icmpType), sender, path.Destination)
            : policy.Evaluate(Subject(key.Reverse(0), icmpType), path.Destination, sender);
        return path with { Reason = reason, Rule = rule, Ports = ports };
    }

    private Evaluation PathFromUplink(in FlowKey key, Vif vif, Vrf vrf, in PacketOrigin origin) =>
        new()
        {
            Reason = reversePath.Check(vrf, key.Source, sender: null, origin.OuterSource),
            RouteNextHop = vrf.Lookup(key.Source)?.NextHop ?? 0,
            NextHop = tables.NextHop(vif.NextHop),
            Destination = vif,
        };

    private Evaluation PathFromVif(in FlowKey key, Vif vif, Vrf vrf, (uint NextHop, uint Label) current)
    {
        if (vrf.Lookup(key.Source) is null)
        {
            return new Evaluation { Reason = DropReason.NoSourceRoute };
        }

        if (vrf.Lookup(key.Destination) is not { } route)
        {
            return new Evaluation { Reason = DropReason.NoDestinationRoute };
        }

        var (leaf, label) = Leaf(route, key, current);
        var path = new Evaluation
        {
            RouteNextHop = route.NextHop,
            NextHop = leaf,
            Label = label,
        };
        return leaf?.Kind switch
        {
            NextHopKind.Receive or NextHopKind.Tunnel => path,
            NextHopKind.Interface => ToLocal(path, key, vif, leaf),
            NextHopKind.Discard => path with { Reason = DropReason.Discard },
            _ => path with { Reason = route.NextHop == 0 ? DropReason.Discard : DropReason.InvalidNextHop },
        };
    }

    private Evaluation ToLocal(in Evaluation path, in FlowKey key, Vif sender, NextHop leaf)
    {
        if (tables.Vif(leaf.Vif) is not { } destination)
        {
            return path with { Reason = DropReason.InvalidNextHop };
        }

        var reason = tables.Vrf(destination.Vrf) is { } vrf
            ? reversePath.Check(vrf, key.Source, sender, outerSource: 0)
            : DropReason.UnknownVrf;
        return path with { Reason = reason, Destination = destination };
    }

    private (NextHop? Leaf, uint Label) Leaf(Route route, in FlowKey key, (uint NextHop, uint Label) current)
    {
        var nextHop = tables.NextHop(route.NextHop);
        if (nextHop is not { Kind: NextHopKind.Ecmp })
        {
            return (nextHop, route.Label);
        }

        var members = nextHop.Members;
        foreach (var member in members)
        {
            if (member.NextHop == current.NextHop && member.Label == current.Label && Usable(member.NextHop) is { } leaf)
            {
                return (leaf, member.Label);
            }
        }

        var first = (int)(key.Hash(seed) % (uint)members.Length);
        for (var i = 0; i < members.Length; i++)
        {
            var member = members[(first + i) % members.Length];
            if (Usable(member.NextHop) is { } leaf)
            {
                return (leaf, member.Label);
            }
        }

        return (null, 0);
    }

    private NextHop? Usable(uint id) =>
        tables.NextHop(id) is { Kind: NextHopKind.Interface or NextHopKind.Tunnel } nextHop ? nextHop : null;

    private static PolicySubject Subject(in FlowKey key, byte icmpType) =>
        key.Protocol switch
        {
            IpProtocol.Icmp => new PolicySubject(key.Source, key.Destination, key.Protocol, HasPort: true, icmpType),
            IpProtocol.Tcp or IpProtocol.Udp or IpProtocol.Sctp => new PolicySubject(
                key.Source,
                key.Destination,
                key.Protocol,
                HasPort: true,
                key.DestinationPort
            ),
            _ => new PolicySubject(key.Source, key.Destination, key.Protocol, HasPort: false, 0),
        };
}
