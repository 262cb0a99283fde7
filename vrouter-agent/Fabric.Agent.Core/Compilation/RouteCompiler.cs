using Fabric.Agent.Core.Routes;
using Fabric.Agent.Core.Tables;
using Fabric.Primitives;

namespace Fabric.Agent.Core.Compilation;

/// <summary>
/// One route from what the ports say and what the controllers say. The data plane's own addresses come first; a port on this
/// host comes before a remote one, unless the controllers say that both carry the address (ECMP).
/// </summary>
public static class RouteCompiler
{
    /// <summary>What the data plane can send today.</summary>
    private const TunnelEncapsulations Supported = TunnelEncapsulations.MplsOverGre;

    /// <summary>Null: no route. Where controllers have one, it has no usable next hop.</summary>
    public static CompiledRoute? Compile(VrfPrefix key, ReadOnlySpan<RoutePath> paths, LocalState local, IpAddress ownAddress)
    {
        var own = local.Routes.GetValueOrDefault(key);
        if (own is { NextHop: NextHopKey.Receive } || RouteSelection.Select(paths) is not { } remote)
        {
            return own;
        }

        var members = remote
            .NextHops.Take(RouteSelection.MaxNextHops)
            .Select(hop => Resolve(hop, local, ownAddress))
            .OfType<LabeledNextHop>()
            .Distinct()
            .OrderBy(member => member.Key.Name, StringComparer.Ordinal)
            .ThenBy(member => member.Label)
            .ToEquatableArray();

        if (own is not null && !members.Contains(new LabeledNextHop(own.NextHop, 0)))
        {
            return own;
        }

        // What this host's own configuration says of its port is newer than what comes back from the controllers.
        var groups = own is null ? remote.SecurityGroups : own.SecurityGroups.Intersect(remote.SecurityGroups).ToEquatableArray();
        return members switch
        {
            { Count: 0 } => null,
            { Count: 1 } => own ?? new CompiledRoute(members[0].Key, members[0].Label, groups, remote.Network),
            _ => new CompiledRoute(new NextHopKey.Ecmp(members), Label: 0, groups, remote.Network),
        };
    }

    private static LabeledNextHop? Resolve(RemoteNextHop hop, LocalState local, IpAddress ownAddress)
    {
        if (hop.Address == ownAddress)
        {
            return local.Labels.TryGetValue(hop.Label.Value, out var port)
                ? new LabeledNextHop(new NextHopKey.Interface(port.Port.Id), 0)
                : null;
        }

        var encapsulation = Choose(hop.Encapsulations & Supported, local.EncapsulationPriority);
        var isUsable = hop.Address.IsIpv4 && hop.Label.IsValid && hop.Label.Value >= MplsLabel.FirstUnreserved;
        return isUsable && encapsulation != TunnelEncapsulations.None
            ? new LabeledNextHop(new NextHopKey.Tunnel(hop.Address, encapsulation), hop.Label.Value)
            : null;
    }

    /// <summary>The first of the priority list that both ends can do; without a list, MPLS over GRE.</summary>
    private static TunnelEncapsulations Choose(TunnelEncapsulations possible, EquatableArray<TunnelEncapsulations> priority) =>
        priority.IsEmpty
            ? possible & TunnelEncapsulations.MplsOverGre
            : priority.FirstOrDefault(encapsulation => (possible & encapsulation) == encapsulation);
}
