using Fabric.Bgp;
using Fabric.Controller.Agents;
using Fabric.Controller.Bgp;
using Fabric.Primitives;
using Fabric.Routing;

namespace Fabric.Controller.Inspection;

/// <summary>Makes the documents that operators read. Every member runs on the routing loop.</summary>
internal sealed class Inspector(ControlNode node)
{
    private RoutingCore Core => node.Routes.Core;

    public StatusDocument Status() =>
        new(
            node.Options.Node,
            node.Options.RouterId.ToString(),
            node.Options.As.Value,
            (long)node.Revision,
            [.. node.Speaker.Neighbors.Select(Neighbor)],
            Agents().Agents,
            Core.Vrfs.Count(vrf => vrf.Definition is not null),
            Core.Counters.VpnRoutes
        );

    public SummaryDocument Summary() =>
        new(node.Options.RouterId.ToString(), node.Options.As.Value, [.. node.Speaker.Neighbors.Select(Neighbor)]);

    public NeighborDocument? Neighbor(string name) =>
        node.Speaker.Neighbors.FirstOrDefault(neighbor => neighbor.Intent.Name == name || neighbor.Intent.Address.ToString() == name)
            is { } found
            ? Neighbor(found)
            : null;

    public AgentsDocument Agents() => new([.. node.Agents.Agents.OrderBy(state => state.Agent.Name, StringComparer.Ordinal).Select(Agent)]);

    public VrfsDocument Vrfs()
    {
        var subscribers = node
            .Agents.Agents.SelectMany(state => state.Agent.Subscriptions.Select(subscription => (subscription.Vrf, state.Agent.Name)))
            .ToLookup(entry => entry.Vrf, entry => entry.Name);
        return new([
            .. Core
                .Vrfs.OrderBy(vrf => vrf.Name, StringComparer.Ordinal)
                .Select(vrf => new VrfDocument(
                    vrf.Name,
                    [.. (vrf.Definition?.ImportTargets ?? []).Select(target => target.ToString())],
                    [.. (vrf.Definition?.ExportTargets ?? []).Select(target => target.ToString())],
                    [.. subscribers[vrf.Name].Order(StringComparer.Ordinal)],
                    vrf.Routes
                )),
        ]);
    }

    /// <param name="name">The VRF's name, or the last part of it: the network's.</param>
    public RoutesDocument? VrfRoutes(string name, IpPrefix? prefix, int limit)
    {
        var vrfs = Core.Vrfs.Where(vrf => vrf.Name == name || vrf.Name.EndsWith($":{name}", StringComparison.Ordinal)).ToList();
        return vrfs.Count == 1 ? Routes(vrfs[0].Name, RoutesOf(vrfs[0].Name, prefix), limit) : null;
    }

    public RoutesDocument VpnRoutes(AddressFamily family, IpPrefix? prefix, int limit)
    {
        var kind = family == AddressFamily.Vpnv6 ? AddressKind.Ipv6 : AddressKind.Ipv4;
        var routes = Core.VpnRoutes.Where(route => route.Key.Prefix.Kind == kind && (prefix is null || route.Key.Prefix == prefix));
        return Routes(family.Name, routes, limit);
    }

    public MembershipsDocument Memberships() =>
        new([
            .. Core.Memberships.Select(route => new MembershipDocument(
                route.Key.Membership.ToString(),
                route.Paths.Any(path => path.SourceKind == PeerKind.Local),
                [.. route.Paths.Select(path => path.Source)]
            )),
        ]);

    private IEnumerable<RouteView> RoutesOf(string vrf, IpPrefix? prefix) =>
        prefix is not { } wanted ? Core.VrfRoutes(vrf)
        : Core.VrfRoute(vrf, wanted) is { } route ? [route]
        : [];

    private static RoutesDocument Routes(string table, IEnumerable<RouteView> routes, int limit)
    {
        var taken = new List<RouteView>();
        var isTruncated = false;
        foreach (var route in routes)
        {
            if (isTruncated = taken.Count == limit)
            {
                break;
            }

            taken.Add(route);
        }

        return new(
            table,
            [.. taken.OrderBy(route => route.Key.Prefix).ThenBy(route => route.Key.RouteDistinguisher).Select(Route)],
            isTruncated
        );
    }

    private static RouteDocument Route(RouteView route)
    {
        var rd = route.Key.RouteDistinguisher;
        return new(
            rd.Value == 0 ? null : rd.ToString(),
            route.Key.Prefix.ToString(),
            route.Paths.Any(path => path is { IsBest: true, IsStale: true }),
            [.. route.Paths.Select(Path)]
        );
    }

    private static PathDocument Path(PathView path) =>
        new(
            path.IsBest,
            path.IsEqual,
            path.IsStale,
            path.Source,
            path.Attributes.NextHop.ToString(),
            path.Label.Value,
            path.ImportedFrom?.ToString(),
            path.Attributes.LocalPref,
            path.Attributes.MultiExitDisc,
            path.Attributes.AsPath.ToString(),
            path.Attributes.Origin.ToString().ToUpperInvariant(),
            [.. path.Attributes.ExtendedCommunities.Select(community => community.ToString())],
            path.Reason == RejectReason.None ? null : path.Reason.ToString()
        );

    private NeighborDocument Neighbor(BgpNeighbor neighbor)
    {
        var peer = neighbor.Peer;
        var (received, sent) = CountRoutes(neighbor);
        var elapsed = peer.EstablishedSince is { } since ? (long)(node.Routes.Loop.Time.GetUtcNow() - since).TotalSeconds : (long?)null;
        var isUp = peer.State == SessionState.Established;
        var reason =
            isUp ? null
            : neighbor.Intent.Settings.AdminDown ? "administratively down"
            : peer.LastError ?? "not connected yet";
        return new(
            neighbor.Intent.Name,
            neighbor.Intent.Address.ToString(),
            neighbor.Intent.Settings.AsNumber.Value,
            peer.State.ToString(),
            isUp ? elapsed : null,
            received,
            sent,
            peer.Counters.TotalReceived,
            peer.Counters.TotalSent,
            [.. (peer.Negotiation?.Families ?? neighbor.Intent.Settings.Families).Select(family => family.Name)],
            peer.HasStaleRoutes,
            reason,
            isUp ? null : Hint(neighbor)
        );
    }

    private static string Hint(BgpNeighbor neighbor) =>
        neighbor.Intent.Settings.AdminDown
            ? "admin-down is set in its bgp-router object"
            : $"is a BGP speaker listening at {neighbor.Intent.Address}:{neighbor.Intent.Settings.Port}, with this node as its neighbour in AS {neighbor.Intent.Settings.LocalAsNumber}?";

    private (int Received, int Sent) CountRoutes(BgpNeighbor neighbor) =>
        neighbor.Id is { } id ? (Core.VpnRoutesReceived(id), Core.VpnRoutesAnnounced(id)) : (0, 0);

    private static AgentDocument Agent(AgentState state)
    {
        var agent = state.Agent;
        return new(
            agent.Name,
            agent.Address.ToString(),
            agent.IsEstablished ? "Established" : "Away",
            agent.IsRestarting,
            [.. agent.Subscriptions.Select(subscription => subscription.Vrf).Order(StringComparer.Ordinal)],
            agent.IsEstablished ? null : state.DownReason,
            agent.IsEstablished ? null : "is fabric-agent running there? its routes are kept for the restart time"
        );
    }
}
