using System.Collections.Immutable;

namespace Fabric.Primitives;

/// <summary>An address family and subsequent address family (RFC 4760) that Fabric speaks.</summary>
public readonly record struct AddressFamily(ushort Afi, byte Safi)
{
    public static AddressFamily Ipv4Unicast { get; } = new(1, 1);
    public static AddressFamily Ipv6Unicast { get; } = new(2, 1);
    public static AddressFamily LabelledIpv4 { get; } = new(1, 4);
    public static AddressFamily LabelledIpv6 { get; } = new(2, 4);
    public static AddressFamily Vpnv4 { get; } = new(1, 128);
    public static AddressFamily Vpnv6 { get; } = new(2, 128);
    public static AddressFamily L2VpnEvpn { get; } = new(25, 70);
    public static AddressFamily RouteTargetMembership { get; } = new(1, 132);

    /// <summary>Each of them once.</summary>
    public static ImmutableArray<AddressFamily> All { get; } =
    [Ipv4Unicast, Ipv6Unicast, LabelledIpv4, LabelledIpv6, Vpnv4, Vpnv6, L2VpnEvpn, RouteTargetMembership];

    /// <summary>The names used in configuration and output.</summary>
    public string Name =>
        (Afi, Safi) switch
        {
            (1, 1) => "ipv4",
            (2, 1) => "ipv6",
            (1, 4) => "ipv4-labelled",
            (2, 4) => "ipv6-labelled",
            (1, 128) => "vpnv4",
            (2, 128) => "vpnv6",
            (25, 70) => "evpn",
            (1, 132) => "rtc",
            _ => $"{Afi}/{Safi}",
        };

    /// <summary>Those whose next hops may be IPv6 addresses all the same (RFC 8950 section 4).</summary>
    public bool HasIpv4Routes => this == Ipv4Unicast || this == LabelledIpv4 || this == Vpnv4;

    /// <summary>
    /// Routes without a label, which may have any next hop that forwards them. In other families the next hop has given the label, and whoever
    /// puts another one there has to give one too (RFC 8277 section 3.2.2).
    /// </summary>
    public bool IsUnicast => Safi == 1;

    public static bool TryParse(string? name, out AddressFamily family)
    {
        foreach (var one in All)
        {
            if (one.Name == name)
            {
                family = one;
                return true;
            }
        }

        family = default;
        return false;
    }

    public override string ToString() => Name;
}
