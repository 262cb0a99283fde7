using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing;

/// <summary>
/// Kinds of EVPN routes, by their type and the kind of their address:
/// <code>
/// | 01 (2) | address: 0 none, 1 IPv4, 2 IPv6 (2) | route type (4) |
/// </code>
/// </summary>
internal static class RouteKinds
{
    private const int EvpnBits = 0x40;
    private const int FormBits = 0xC0;
    private const int TypeBits = 0x0F;

    public static RouteKind Evpn(EvpnRouteType type, AddressKind address) =>
        (RouteKind)(
            EvpnBits
            | (
                address == AddressKind.Ipv4 ? 0x10
                : address == AddressKind.Ipv6 ? 0x20
                : 0
            )
            | (byte)type
        );

    public static bool IsEvpn(this RouteKind kind) => ((byte)kind & FormBits) == EvpnBits;

    public static EvpnRouteType EvpnType(this RouteKind kind) => (EvpnRouteType)((byte)kind & TypeBits);

    /// <summary>The kind of an EVPN route's address; none for a kind of another family.</summary>
    public static AddressKind EvpnAddressKind(this RouteKind kind) =>
        ((byte)kind & ~TypeBits) switch
        {
            EvpnBits | 0x10 => AddressKind.Ipv4,
            EvpnBits | 0x20 => AddressKind.Ipv6,
            _ => default,
        };
}
