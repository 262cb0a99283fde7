using Fabric.Primitives;

namespace Fabric.Routing.Policies;

/// <summary>What a policy can see of a route besides its attributes and its source.</summary>
public readonly record struct PolicyRoute
{
    private readonly RouteKey _key;

    internal PolicyRoute(AddressFamily family, in RouteKey key) => (Family, _key) = (family, key);

    /// <summary>A route with a prefix; the RD is zero but in a VPN family.</summary>
    public PolicyRoute(AddressFamily family, IpPrefix prefix, RouteDistinguisher routeDistinguisher = default)
        : this(family, RouteKey.Vpn(routeDistinguisher, prefix)) { }

    public AddressFamily Family { get; }

    /// <summary>None for a membership.</summary>
    public IpPrefix Prefix => _key.Kind is RouteKind.Ipv4 or RouteKind.Ipv6 ? _key.Prefix : default;

    public RouteDistinguisher RouteDistinguisher => _key.RouteDistinguisher;

    internal static PolicyRoute Of(RouteTableKind table, in RouteKey key) => new(RouteFamilies.Of(table, key.Kind), key);
}
