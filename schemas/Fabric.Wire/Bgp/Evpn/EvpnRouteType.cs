namespace Fabric.Wire.Bgp;

/// <summary>Kinds of EVPN routes (RFC 7432 section 7, RFC 9136).</summary>
public enum EvpnRouteType : byte
{
    EthernetAutoDiscovery = 1,
    MacIpAdvertisement = 2,
    InclusiveMulticast = 3,
    EthernetSegment = 4,
    IpPrefixRoute = 5,
}
