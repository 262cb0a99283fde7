using Fabric.Bgp;
using Fabric.Controller.Bgp;
using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Inspection;

/// <summary>Makes the documents about BGP neighbours. Every member runs on the routing loop.</summary>
internal sealed class NeighborInspector(ControlNode node)
{
    private RoutingCore Core => node.Routes.Core;

    /// <summary>By name or address; null for an unknown one.</summary>
    public BgpNeighbor? Find(string name) => node.Speaker.Find(name);

    public IReadOnlyList<NeighborDocument> Neighbors() => [.. node.Speaker.Neighbors.Select(Neighbor)];

    public SummaryDocument Summary()
    {
        var counters = Core.Counters;
        return new(
            node.Options.RouterId.ToString(),
            node.Options.As.Value,
            node.Options.ClusterId is { } cluster ? IpAddress.FromIpv4(cluster).ToString() : null,
            RoutingCore.Families.Sum(Core.CountBest) + counters.VrfRoutes,
            counters.Paths,
            counters.AttributeSets,
            counters.MemoryBytes,
            Neighbors()
        );
    }

    public NeighborDetailDocument? Detail(string name)
    {
        if (Find(name) is not { } neighbor)
        {
            return null;
        }

        var (peer, settings) = (neighbor.Peer, neighbor.Intent.Settings);
        var definition = neighbor.Id is { } id ? Core.DefinitionOf(id) : null;
        return new(
            Neighbor(neighbor),
            peer.Negotiation?.PeerIdentifier.ToString(),
            settings.AsNumber == settings.LocalAsNumber ? "internal" : "external",
            settings.LocalAsNumber.Value,
            settings.Port,
            peer.Options.IsPassive,
            settings.RouteReflectorClient,
            peer.LastError,
            peer.FailedAttempts,
            peer.IsOverPrefixLimit,
            neighbor.Id is { } present ? Memberships(Core.MembershipStateOf(present)) : "no session",
            Timers(neighbor),
            CapabilityWords.Of(peer.SentOpen.Span, peer.ReceivedOpen.Span),
            [.. Enum.GetValues<MessageType>().Select(type => Messages(peer, type))],
            [.. (definition?.ImportPolicies ?? []).Select(policy => policy.Name)],
            [.. (definition?.ExportPolicies ?? []).Select(policy => policy.Name)]
        );
    }

    private NeighborDocument Neighbor(BgpNeighbor neighbor)
    {
        var (peer, settings) = (neighbor.Peer, neighbor.Intent.Settings);
        var families = (peer.Negotiation?.Families ?? settings.Families).Select(family => Family(neighbor, family)).ToList();
        var isUp = peer.State == SessionState.Established;
        var reason =
            isUp ? null
            : settings.AdminDown ? "administratively down"
            : peer.LastError ?? "not connected yet";
        return new(
            neighbor.Intent.Name,
            neighbor.Intent.Address.ToString(),
            settings.AsNumber.Value,
            peer.State.ToString(),
            SecondsSince(peer.EstablishedSince),
            SecondsSince(peer.DownSince),
            families.Sum(family => family.RoutesReceived),
            families.Sum(family => family.RoutesSent),
            peer.Counters.TotalReceived,
            peer.Counters.TotalSent,
            isUp ? neighbor.EstablishedConnection.UnreadBytes : 0,
            isUp ? neighbor.EstablishedConnection.UnsentBytes : 0,
            isUp ? SecondsSince(neighbor.BlockedSince) : null,
            [.. families.Select(family => family.Family)],
            peer.HasStaleRoutes,
            reason,
            isUp ? null : NeighborHints.Of(neighbor),
            neighbor.Intent.Description,
            families
        );
    }

    private long? SecondsSince(DateTimeOffset? moment) =>
        moment is { } since ? (long)(node.Routes.Loop.Time.GetUtcNow() - since).TotalSeconds : null;

    private FamilyCountDocument Family(BgpNeighbor neighbor, AddressFamily family)
    {
        var (received, sent) = neighbor.Id is { } id ? (Core.CountsOf(id, family), Core.CountAdvertised(id, family)) : default;
        var limit = neighbor.Peer.Options.PrefixLimits.FirstOrDefault(one => one.Family == family);
        return new(family.Name, received.Received, received.Received - received.Accepted, sent, limit?.MaxPrefixes);
    }

    private static TimersDocument Timers(BgpNeighbor neighbor)
    {
        var settings = neighbor.Intent.Settings;
        var negotiation = neighbor.Peer.Negotiation;
        return new(
            negotiation?.HoldTime.TotalSeconds,
            negotiation?.KeepaliveInterval.TotalSeconds,
            settings.HoldTime,
            settings.ConnectRetry,
            settings.GracefulRestart.Time,
            settings.GracefulRestart.HelperLimit
        );
    }

    private static MessageCountDocument Messages(BgpPeer peer, MessageType type) =>
        new(type.ToString(), peer.Counters.Sent(type), peer.Counters.Received(type));

    private static string Memberships(MembershipState state) =>
        state switch
        {
            MembershipState.Waiting => "VPN routes wait for the neighbour's memberships",
            MembershipState.Known => "VPN routes are filtered by the neighbour's memberships",
            _ => "not negotiated",
        };
}
