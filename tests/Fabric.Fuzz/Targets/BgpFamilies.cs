using Fabric.Primitives;

namespace Fabric.Fuzz.Targets;

internal static class BgpFamilies
{
    private static readonly AddressFamily[] s_all =
    [
        AddressFamily.Ipv4Unicast,
        AddressFamily.Ipv6Unicast,
        AddressFamily.LabelledIpv4,
        AddressFamily.LabelledIpv6,
        AddressFamily.Vpnv4,
        AddressFamily.Vpnv6,
        AddressFamily.L2VpnEvpn,
        AddressFamily.RouteTargetMembership,
    ];

    /// <summary>VPNv4, and some of the others.</summary>
    public static AddressFamily[] Some(Random random) => [.. s_all.Where(f => f == AddressFamily.Vpnv4 || random.Next(2) == 0)];
}
