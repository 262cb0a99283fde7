namespace Fabric.Routing;

/// <summary>The kinds of table of the RIB.</summary>
public enum RouteTableKind : byte
{
    /// <summary>Routes of all VPNs by RD and prefix (RFC 4364).</summary>
    Vpn,

    /// <summary>Who wants which route target (RFC 4684).</summary>
    Membership,

    /// <summary>One VRF's routes by prefix.</summary>
    Vrf,

    /// <summary>Routes of no VPN by prefix (RFC 4271).</summary>
    Unicast,

    /// <summary>The same with a label (RFC 8277).</summary>
    Labelled,

    /// <summary>EVPN routes of all VPNs (RFC 7432, RFC 9136).</summary>
    Evpn,

    /// <summary>One VRF's EVPN routes, without their RDs.</summary>
    VrfEvpn,
}
