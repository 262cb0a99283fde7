using Fabric.Primitives;

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

/// <summary>
/// EVPN (RFC 7432 section 7), carried with its value as it came:
/// <code>
/// | route type (1) | length (1) | route distinguisher (8) | by type |
/// </code>
/// A value of another type may lack the distinguisher. The typed forms are read by <see cref="EvpnMacIpAdvertisement"/>,
/// <see cref="EvpnInclusiveMulticast"/> and <see cref="EvpnIpPrefixRoute"/>.
/// </summary>
public readonly record struct EvpnNlri(EvpnRouteType RouteType, EquatableArray<byte> Value) : INlri<EvpnNlri>
{
    private const int HeadBytes = 2;

    public RouteDistinguisher Rd => Value.Count >= RouteDistinguisher.ByteCount ? RouteDistinguisher.Read(Value.AsSpan()) : default;

    public static int Measure(ReadOnlySpan<byte> bytes, AddressFamily family)
    {
        if (bytes.Length < HeadBytes || HeadBytes + bytes[1] > bytes.Length)
        {
            return -1;
        }

        var known = (EvpnRouteType)bytes[0] is >= EvpnRouteType.EthernetAutoDiscovery and <= EvpnRouteType.IpPrefixRoute;
        return known && bytes[1] < RouteDistinguisher.ByteCount ? -1 : HeadBytes + bytes[1];
    }

    public static EvpnNlri Read(ReadOnlySpan<byte> bytes, AddressFamily family) =>
        new((EvpnRouteType)bytes[0], EquatableArray.Create(bytes[HeadBytes..]));

    public int ByteCount => HeadBytes + Value.Count;

    public void Write(Span<byte> destination, bool withdraw)
    {
        destination[0] = (byte)RouteType;
        destination[1] = (byte)Value.Count;
        Value.AsSpan().CopyTo(destination[HeadBytes..]);
    }

    public override string ToString() => $"{RouteType}:{Rd}";
}
