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

    public static bool TryParse(string? name, out AddressFamily family)
    {
        AddressFamily? found = name switch
        {
            "ipv4" => Ipv4Unicast,
            "ipv6" => Ipv6Unicast,
            "ipv4-labelled" => LabelledIpv4,
            "ipv6-labelled" => LabelledIpv6,
            "vpnv4" => Vpnv4,
            "vpnv6" => Vpnv6,
            "evpn" => L2VpnEvpn,
            "rtc" => RouteTargetMembership,
            _ => null,
        };
        family = found ?? default;
        return found is not null;
    }

    public override string ToString() => Name;
}
