using System.Buffers.Binary;
using Fabric.Primitives;
using Fabric.Routing.Policies;
using Fabric.Wire.Bgp;

namespace Fabric.Routing;

/// <summary>
/// EVPN routes (RFC 7432 section 7, RFC 9136) in the shape of all others. A key has the room of an IPv6 prefix:
/// <code>
/// type   high               low, upper half       low, lower half
/// 1      segment's tail     Ethernet tag          segment's head
/// 2      MAC                Ethernet tag          address
/// 3                         Ethernet tag          originator
/// 4      segment's tail     segment's head        originator
/// 5                         Ethernet tag          network
/// </code>
/// An IPv4 address stands there itself, an IPv6 address by its number. Of what a path says (<see cref="EvpnData"/>), its label is all that
/// most have: it takes the place of the path's label. More than that has a number.
/// <code>
/// | 0 (8) | label field or VNI (24) |      | 1 (1) | number (31) |
/// </code>
/// </summary>
internal sealed class EvpnRoutes
{
    private const uint HasNumber = 1u << 31;

    private readonly ValueStore<UInt128> _addresses = new();
    private readonly ValueStore<EvpnData> _data = new();

    public long MemoryBytes => _addresses.MemoryBytes + _data.MemoryBytes;

    /// <summary>Gives the key of a route of types 1 to 5; the caller holds a reference and releases it.</summary>
    public RouteKey Intern(in EvpnKey key) =>
        Pack(key, key.Address.Kind == AddressKind.Ipv6 ? (uint)_addresses.Intern(key.Address.Bits) : key.Address.Ipv4);

    /// <summary>False if no route can have the key, since none has its address.</summary>
    public bool TryFind(in EvpnKey key, out RouteKey found)
    {
        var number = key.Address.Kind == AddressKind.Ipv6 ? _addresses.Find(key.Address.Bits) : (int)key.Address.Ipv4;
        found = Pack(key, (uint)number);
        return key.Address.Kind != AddressKind.Ipv6 || number != ValueStore<UInt128>.None;
    }

    /// <summary>For a route of a table, which holds a reference of its own.</summary>
    public void AddReference(in RouteKey key)
    {
        if (key.Kind.EvpnAddressKind() == AddressKind.Ipv6)
        {
            _addresses.AddReference((int)(uint)key.Low);
        }
    }

    public void Release(in RouteKey key)
    {
        if (key.Kind.EvpnAddressKind() == AddressKind.Ipv6)
        {
            _addresses.Release((int)(uint)key.Low);
        }
    }

    public EvpnKey KeyOf(in RouteKey key)
    {
        var (rd, high, low) = (key.RouteDistinguisher, (uint)(key.Low >> 32), (uint)key.Low);
        return key.Kind.EvpnType() switch
        {
            EvpnRouteType.EthernetAutoDiscovery => EvpnKey.EthernetAutoDiscovery(rd, SegmentOf((ushort)low, key.High), high),
            EvpnRouteType.MacIpAdvertisement => EvpnKey.MacIp(rd, high, new MacAddress(key.High), AddressOf(key)),
            EvpnRouteType.InclusiveMulticast => EvpnKey.InclusiveMulticast(rd, high, AddressOf(key)),
            EvpnRouteType.EthernetSegment => EvpnKey.EthernetSegment(rd, SegmentOf((ushort)high, key.High), AddressOf(key)),
            _ => EvpnKey.IpPrefix(rd, high, PrefixOf(key)),
        };
    }

    /// <summary>The whole route, to be kept: what the numbers stand for can change when the route is gone.</summary>
    public EvpnNlri RouteOf(in RouteKey key, uint label) => new(KeyOf(key), DataOf(label));

    /// <summary>The prefix of a route of type 5.</summary>
    public IpPrefix PrefixOf(in RouteKey key) => new(AddressOf(key), key.Length);

    public static uint EthernetTagOf(in RouteKey key) => key.Kind.EvpnType() == EvpnRouteType.EthernetSegment ? 0 : (uint)(key.Low >> 32);

    /// <summary>What a policy can see of the route: a prefix only in type 5.</summary>
    public PolicyRoute PolicyRouteOf(in RouteKey key) =>
        key.Kind.EvpnType() == EvpnRouteType.IpPrefixRoute
            ? new PolicyRoute(AddressFamily.L2VpnEvpn, PrefixOf(key), key.RouteDistinguisher)
            : new PolicyRoute(AddressFamily.L2VpnEvpn, key);

    /// <summary>Gives what stands in place of a path's label; the caller holds a reference.</summary>
    public uint Intern(in EvpnData data) => data == new EvpnData(data.LabelField) ? data.LabelField : HasNumber | (uint)_data.Intern(data);

    public EvpnData DataOf(uint label) => (label & HasNumber) != 0 ? _data[(int)(label & ~HasNumber)] : new EvpnData(label);

    public void AddReference(uint label)
    {
        if ((label & HasNumber) != 0)
        {
            _data.AddReference((int)(label & ~HasNumber));
        }
    }

    public void Release(uint label)
    {
        if ((label & HasNumber) != 0)
        {
            _data.Release((int)(label & ~HasNumber));
        }
    }

    private static RouteKey Pack(in EvpnKey key, uint address)
    {
        var kind = RouteKinds.Evpn(key.Type, key.Address.Kind);
        var (head, tail) = Split(key.Segment);
        return key.Type switch
        {
            EvpnRouteType.EthernetAutoDiscovery => RouteKey.Evpn(kind, key.Rd, tail, key.EthernetTag, head, 0),
            EvpnRouteType.MacIpAdvertisement => RouteKey.Evpn(kind, key.Rd, key.Mac.Value, key.EthernetTag, address, key.AddressBits),
            EvpnRouteType.EthernetSegment => RouteKey.Evpn(kind, key.Rd, tail, head, address, key.AddressBits),
            _ => RouteKey.Evpn(kind, key.Rd, 0, key.EthernetTag, address, key.AddressBits),
        };
    }

    private IpAddress AddressOf(in RouteKey key) =>
        key.Kind.EvpnAddressKind() switch
        {
            AddressKind.Ipv4 => IpAddress.FromIpv4((uint)key.Low),
            AddressKind.Ipv6 => IpAddress.FromIpv6(_addresses[(int)(uint)key.Low]),
            _ => default,
        };

    private static (ushort Head, ulong Tail) Split(EthernetSegmentId segment)
    {
        Span<byte> bytes = stackalloc byte[EthernetSegmentId.ByteCount];
        segment.Write(bytes);
        return (BinaryPrimitives.ReadUInt16BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[sizeof(ushort)..]));
    }

    private static EthernetSegmentId SegmentOf(ushort head, ulong tail)
    {
        Span<byte> bytes = stackalloc byte[EthernetSegmentId.ByteCount];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, head);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[sizeof(ushort)..], tail);
        return EthernetSegmentId.Read(bytes);
    }
}
