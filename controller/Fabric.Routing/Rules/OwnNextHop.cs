using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>What this node gives as its own next hop, by the peer's rule or by a policy.</summary>
/// <param name="LocalAddress">Of the session.</param>
/// <param name="Ipv6">For IPv6 routes on a session over IPv4; see <see cref="RoutingOptions.Ipv6NextHop"/>.</param>
public readonly record struct OwnNextHop(IpAddress LocalAddress, IpAddress? Ipv6 = null)
{
    private const ulong MappedPrefix = 0xFFFF_0000_0000;

    /// <summary>Whether a route with the next hop leads to this node. Without an address of IPv6, IPv6 routes have the session's in mapped form.</summary>
    public bool Is(IpAddress nextHop) =>
        nextHop == LocalAddress
        || nextHop == Ipv6
        || LocalAddress.IsIpv4 && !nextHop.IsIpv4 && nextHop.Bits == (MappedPrefix | LocalAddress.Ipv4);

    public IpAddress Of(AddressFamily family) =>
        family == AddressFamily.Ipv6Unicast && LocalAddress.IsIpv4 && Ipv6 is { } ipv6 ? ipv6 : LocalAddress;
}
