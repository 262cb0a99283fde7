using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>Who this node is.</summary>
public sealed record RoutingOptions
{
    public required AsNumber LocalAs { get; init; }

    public required BgpIdentifier RouterId { get; init; }

    /// <summary>The next hop of memberships that this node originates or reflects.</summary>
    public required IpAddress LocalAddress { get; init; }

    /// <summary>
    /// The next hop that this node gives IPv6 routes on a session over IPv4 (RFC 2545 section 3 wants a global address of IPv6). Without it they get
    /// the session's address in mapped form, which not every speaker takes.
    /// </summary>
    public IpAddress? Ipv6NextHop { get; init; }

    /// <summary>Makes this node a route reflector (RFC 4456).</summary>
    public uint? ClusterId { get; init; }

    /// <summary>Compares MED between neighbouring ASes too.</summary>
    public bool AlwaysCompareMed { get; init; }
}
