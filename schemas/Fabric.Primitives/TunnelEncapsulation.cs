namespace Fabric.Primitives;

/// <summary>Ways to carry a tenant's packet between hosts, as a set.</summary>
[Flags]
public enum TunnelEncapsulations : byte
{
    None = 0,

    /// <summary>MPLS over GRE (RFC 4023); BGP tunnel type 2 (GRE) or 11 (MPLS in GRE), XMPP "gre".</summary>
    MplsOverGre = 1,

    /// <summary>MPLS over UDP (RFC 7510); BGP tunnel type 13, XMPP "udp".</summary>
    MplsOverUdp = 2,

    /// <summary>VXLAN (RFC 7348); BGP tunnel type 8, XMPP "vxlan".</summary>
    Vxlan = 4,
}
