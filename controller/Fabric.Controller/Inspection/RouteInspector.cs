using Fabric.Controller.Bgp;
using Fabric.Controller.Routes;
using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Inspection;

/// <summary>Makes the documents about routes. Every member runs on the routing loop.</summary>
internal sealed class RouteInspector(ControlNode node)
{
    private RoutingCore Core => node.Routes.Core;

    public RoutesDocument Routes(AddressFamily family, string? prefix, int limit) =>
        Document(family.Name, Core.Listing(family, Filter(family, prefix), limit));

    /// <param name="name">The VRF's name, or the last part of it: the network's.</param>
    /// <param name="prefix">Null: all.</param>
    /// <param name="limit">So many routes at most.</param>
    /// <returns>Null where it is not one that is called so.</returns>
    public RoutesDocument? VrfRoutes(string name, string? prefix, int limit) =>
        VrfsCalled(name) is [var vrf] && Core.VrfListing(vrf, Filter(AddressFamily.Ipv4Unicast, prefix), limit) is { } listing
            ? Document(vrf, listing)
            : null;

    /// <summary>
    /// The VRF of that name, else those whose last part it is: projects may have networks of one name. Those that are configured hide those that are not:
    /// an agent may ask for whatever it likes.
    /// </summary>
    public IReadOnlyList<string> VrfsCalled(string name)
    {
        var vrfs = Core.Vrfs.Where(vrf => vrf.Name == name || vrf.Name.EndsWith($":{name}", StringComparison.Ordinal)).ToList();
        var configured = vrfs.FindAll(vrf => vrf.Definition is not null);
        var called = (configured.Count > 0 ? configured : vrfs).ConvertAll(vrf => vrf.Name);
        return called.Contains(name) ? [name] : called;
    }

    /// <summary>The neighbour's Adj-RIB-In; null for an unknown neighbour.</summary>
    public RoutesDocument? Received(BgpNeighbor? neighbor, AddressFamily family, string? prefix, int limit) =>
        neighbor is null ? null
        : neighbor.Id is { } id ? Document(family.Name, Core.ReceivedFrom(id, family, Filter(family, prefix), limit))
        : Document(family.Name, new RouteListing([], 0));

    /// <summary>The neighbour's Adj-RIB-Out; null for an unknown neighbour.</summary>
    public AdvertisedRoutesDocument? Advertised(BgpNeighbor? neighbor, AddressFamily family, string? prefix, int limit)
    {
        if (neighbor is null)
        {
            return null;
        }

        var listing = neighbor.Id is { } id ? Core.AdvertisedTo(id, family, Filter(family, prefix), limit) : new AdvertisedListing([], 0);
        return new AdvertisedRoutesDocument(
            family.Name,
            node.Options.RouterId.ToString(),
            node.Options.As.Value,
            [.. listing.Routes.Select(Advertised)],
            listing.Total
        );
    }

    /// <summary>Whether its routes are named by a prefix; others are found by a part of their NLRI in words.</summary>
    public static bool HasPrefix(AddressFamily family) =>
        family != AddressFamily.RouteTargetMembership && family != AddressFamily.L2VpnEvpn;

    public MembershipsDocument Memberships() =>
        new([
            .. Core.Memberships.Select(route => new MembershipDocument(
                route.Key.Membership.ToString(),
                route.Paths.Any(path => path.SourceKind == PeerKind.Local),
                [.. route.Paths.Select(path => path.Source)]
            )),
        ]);

    private Predicate<RouteKey>? Filter(AddressFamily family, string? prefix) =>
        string.IsNullOrEmpty(prefix) ? null
        : HasPrefix(family) && IpPrefix.TryParse(prefix, out var wanted) ? key => key.Prefix == wanted
        : key => (Core.EvpnKeyOf(key)?.ToString() ?? NlriOf(key, null)).Contains(prefix, StringComparison.OrdinalIgnoreCase);

    private RoutesDocument Document(string table, RouteListing listing) =>
        new(table, node.Options.RouterId.ToString(), node.Options.As.Value, [.. listing.Routes.Select(Route)], listing.Total);

    private static RouteDocument Route(RouteView route)
    {
        // The order is that of preference; whatever is listed alone has no other to be held against.
        IReadOnlyList<PathView> paths = route.Paths;
        return new(
            DistinguisherOf(route.Key),
            NlriOf(route.Key, route.Evpn),
            paths.Any(path => path is { IsBest: true, IsStale: true }),
            [.. paths.Select(path => Path(path, paths))]
        );
    }

    private static PathDocument Path(PathView path, IReadOnlyList<PathView> paths)
    {
        var attributes = path.Attributes;
        return new(
            path.IsBest,
            path.IsEqual,
            path.IsFeasible,
            path.IsStale,
            path.SourceKind == PeerKind.InternalBgp,
            path.Source,
            path.SourceAddress.ToString(),
            path.SourceRouterId.ToString(),
            attributes.NextHop.ToString(),
            path.Evpn is { } data ? EvpnLabel.Of(data.LabelField, attributes) : path.Label.Value,
            path.ImportedFrom?.ToString(),
            attributes.LocalPref,
            attributes.MultiExitDisc,
            attributes.AsPath.ToString(),
            PathWords.Origin(attributes),
            PathWords.Communities(attributes),
            PathWords.ExtendedCommunities(attributes),
            PathWords.LargeCommunities(attributes),
            attributes.OriginatorId?.ToString(),
            PathWords.ClusterList(attributes),
            path.Reason == RejectReason.None ? null : path.Reason.ToString(),
            PathDecision.Of(path, paths)
        );
    }

    private static AdvertisedRouteDocument Advertised(AdvertisedView route) =>
        new(
            DistinguisherOf(route.Key),
            NlriOf(route.Key, route.Evpn),
            route.Attributes is null ? "withdrawing"
                : route.IsPending ? "pending"
                : "held",
            route.Attributes is { } attributes
                ? new(
                    route.Source!,
                    attributes.NextHop.ToString(),
                    route.EvpnData is { } data ? EvpnLabel.Of(data.LabelField, attributes) : route.Label.Value,
                    attributes.LocalPref,
                    attributes.MultiExitDisc,
                    attributes.AsPath.ToString(),
                    PathWords.Origin(attributes),
                    PathWords.Communities(attributes),
                    PathWords.ExtendedCommunities(attributes),
                    PathWords.LargeCommunities(attributes),
                    attributes.OriginatorId?.ToString(),
                    PathWords.ClusterList(attributes)
                )
                : null
        );

    private static string? DistinguisherOf(RouteKey key) =>
        !key.IsMembership && key.RouteDistinguisher.Value != 0 ? key.RouteDistinguisher.ToString() : null;

    // The RD of an EVPN route stands for itself, as that of a VPN route does.
    private static string NlriOf(RouteKey key, EvpnKey? evpn) =>
        evpn?.ToString() is { } words ? words[words.IndexOf('[', StringComparison.Ordinal)..]
        : key.IsMembership ? key.Membership.ToString()
        : key.Prefix.ToString();
}
