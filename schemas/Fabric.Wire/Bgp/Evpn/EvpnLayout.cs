using System.Buffers.Binary;
using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>
/// The values of EVPN routes (RFC 7432 sections 7.1 to 7.4, RFC 9136 section 3.1); every length of an address is in bits:
/// <code>
/// 1: | RD (8) | ESI (10) | Ethernet tag (4) | label (3) |
/// 2: | RD (8) | ESI (10) | Ethernet tag (4) | 48 (1) | MAC (6) | length (1) | IP (0, 4, 16) | label (3) | second label (0, 3) |
/// 3: | RD (8) | Ethernet tag (4) | length (1) | originator (4, 16) |
/// 4: | RD (8) | ESI (10) | length (1) | originator (4, 16) |
/// 5: | RD (8) | ESI (10) | Ethernet tag (4) | prefix length (1) | prefix (4, 16) | gateway (4, 16) | label (3) |
/// </code>
/// </summary>
internal static class EvpnLayout
{
    private const int SegmentAt = 8;
    private const int TagAt = 18;
    private const int EthernetAutoDiscoveryBytes = 25;
    private const int MacBits = 48;
    private const int MacLengthAt = 22;
    private const int MacIpLengthAt = 29;
    private const int MulticastTagAt = 8;
    private const int MulticastLengthAt = 12;
    private const int SegmentLengthAt = 18;
    private const int PrefixLengthAt = 22;
    private const int Ipv4PrefixBytes = 34;
    private const int Ipv6PrefixBytes = 58;

    public static bool IsWellFormed(EvpnRouteType type, ReadOnlySpan<byte> value) =>
        type switch
        {
            EvpnRouteType.EthernetAutoDiscovery => value.Length == EthernetAutoDiscoveryBytes,
            EvpnRouteType.MacIpAdvertisement => IsMacIp(value),
            EvpnRouteType.InclusiveMulticast => EndsInAddress(value, MulticastLengthAt),
            EvpnRouteType.EthernetSegment => EndsInAddress(value, SegmentLengthAt),
            EvpnRouteType.IpPrefixRoute => value.Length == Ipv4PrefixBytes && value[PrefixLengthAt] <= 32
                || value.Length == Ipv6PrefixBytes && value[PrefixLengthAt] <= 128,
            _ => true,
        };

    /// <summary>Reads a value that is well-formed.</summary>
    public static EvpnNlri Read(EvpnRouteType type, ReadOnlySpan<byte> value) =>
        type switch
        {
            EvpnRouteType.EthernetAutoDiscovery => new(
                EvpnKey.EthernetAutoDiscovery(Rd(value), Segment(value), Tag(value, TagAt)),
                new EvpnData(LabelField.Raw(value[^LabelField.ByteCount..]))
            ),
            EvpnRouteType.MacIpAdvertisement => ReadMacIp(value),
            EvpnRouteType.InclusiveMulticast => new(
                EvpnKey.InclusiveMulticast(Rd(value), Tag(value, MulticastTagAt), IpAddress.Read(value[(MulticastLengthAt + 1)..])),
                default
            ),
            EvpnRouteType.EthernetSegment => new(
                EvpnKey.EthernetSegment(Rd(value), Segment(value), IpAddress.Read(value[(SegmentLengthAt + 1)..])),
                default
            ),
            EvpnRouteType.IpPrefixRoute => ReadPrefix(value),
            _ => new(EvpnKey.Unrecognized(type, value), default),
        };

    public static int ByteCount(in EvpnNlri route) =>
        route.Key.Type switch
        {
            EvpnRouteType.EthernetAutoDiscovery => EthernetAutoDiscoveryBytes,
            EvpnRouteType.MacIpAdvertisement => MacIpLengthAt + 1 + route.Key.AddressBits / 8 + LabelField.ByteCount * Labels(route.Data),
            EvpnRouteType.InclusiveMulticast => MulticastLengthAt + 1 + route.Key.AddressBits / 8,
            EvpnRouteType.EthernetSegment => SegmentLengthAt + 1 + route.Key.AddressBits / 8,
            EvpnRouteType.IpPrefixRoute => route.Key.Address.IsIpv4 ? Ipv4PrefixBytes : Ipv6PrefixBytes,
            _ => route.Key.Opaque.Count,
        };

    public static void Write(ref WireWriter writer, in EvpnNlri route)
    {
        var key = route.Key;
        if (!key.IsRecognized)
        {
            writer.Bytes(key.Opaque.AsSpan());
            return;
        }

        key.Rd.Write(writer.Reserve(RouteDistinguisher.ByteCount));
        if (key.Type != EvpnRouteType.InclusiveMulticast)
        {
            var isOfKey = key.Type is EvpnRouteType.EthernetAutoDiscovery or EvpnRouteType.EthernetSegment;
            (isOfKey ? key.Segment : route.Data.Segment).Write(writer.Reserve(EthernetSegmentId.ByteCount));
        }

        if (key.Type != EvpnRouteType.EthernetSegment)
        {
            writer.UInt32(key.EthernetTag);
        }

        if (key.Type == EvpnRouteType.MacIpAdvertisement)
        {
            writer.Byte(MacBits);
            key.Mac.Write(writer.Reserve(MacBits / 8));
        }

        if (key.Type != EvpnRouteType.EthernetAutoDiscovery)
        {
            writer.Byte(key.AddressBits);
            WriteAddress(ref writer, key.Address);
        }

        WriteData(ref writer, key, route.Data);
    }

    private static void WriteData(ref WireWriter writer, in EvpnKey key, in EvpnData data)
    {
        if (key.Type is EvpnRouteType.InclusiveMulticast or EvpnRouteType.EthernetSegment)
        {
            return;
        }

        if (key.Type == EvpnRouteType.IpPrefixRoute)
        {
            // RFC 9136 section 3.1: the gateway has the size of the prefix, and is zero where there is none.
            var gateway = writer.Reserve(key.Address.ByteCount);
            gateway.Clear();
            if (data.Gateway.Kind == key.Address.Kind)
            {
                data.Gateway.Write(gateway);
            }
        }

        LabelField.Write(writer.Reserve(LabelField.ByteCount), data.LabelField);
        if (key.Type == EvpnRouteType.MacIpAdvertisement && data.SecondLabelField is { } second)
        {
            LabelField.Write(writer.Reserve(LabelField.ByteCount), second);
        }
    }

    private static EvpnNlri ReadMacIp(ReadOnlySpan<byte> value)
    {
        var ipBytes = value[MacIpLengthAt] / 8;
        var ip = value.Slice(MacIpLengthAt + 1, ipBytes);
        var labels = value[(MacIpLengthAt + 1 + ipBytes)..];
        return new(
            EvpnKey.MacIp(
                Rd(value),
                Tag(value, TagAt),
                MacAddress.Read(value[(MacLengthAt + 1)..]),
                ip.IsEmpty ? default : IpAddress.Read(ip)
            ),
            new EvpnData(
                LabelField.Raw(labels),
                Segment(value),
                labels.Length > LabelField.ByteCount ? LabelField.Raw(labels[LabelField.ByteCount..]) : null
            )
        );
    }

    private static EvpnNlri ReadPrefix(ReadOnlySpan<byte> value)
    {
        var addressBytes = value.Length == Ipv4PrefixBytes ? 4 : 16;
        var addresses = value[(PrefixLengthAt + 1)..];
        var prefix = new IpPrefix(IpAddress.Read(addresses[..addressBytes]), value[PrefixLengthAt]);
        var gateway = IpAddress.Read(addresses.Slice(addressBytes, addressBytes));
        return new(
            EvpnKey.IpPrefix(Rd(value), Tag(value, TagAt), prefix),
            new EvpnData(LabelField.Raw(value[^LabelField.ByteCount..]), Segment(value), gateway: gateway.Bits == 0 ? default : gateway)
        );
    }

    private static bool IsMacIp(ReadOnlySpan<byte> value)
    {
        if (value.Length <= MacIpLengthAt || value[MacLengthAt] != MacBits || value[MacIpLengthAt] is not (0 or 32 or 128))
        {
            return false;
        }

        var labelBytes = value.Length - MacIpLengthAt - 1 - value[MacIpLengthAt] / 8;
        return labelBytes is LabelField.ByteCount or 2 * LabelField.ByteCount;
    }

    private static bool EndsInAddress(ReadOnlySpan<byte> value, int lengthAt) =>
        value.Length > lengthAt && value[lengthAt] is 32 or 128 && value.Length == lengthAt + 1 + value[lengthAt] / 8;

    private static int Labels(in EvpnData data) => data.SecondLabelField is null ? 1 : 2;

    private static void WriteAddress(ref WireWriter writer, IpAddress address)
    {
        if (!address.IsNone)
        {
            writer.Address(address);
        }
    }

    private static RouteDistinguisher Rd(ReadOnlySpan<byte> value) => RouteDistinguisher.Read(value);

    private static EthernetSegmentId Segment(ReadOnlySpan<byte> value) => EthernetSegmentId.Read(value[SegmentAt..]);

    private static uint Tag(ReadOnlySpan<byte> value, int at) => BinaryPrimitives.ReadUInt32BigEndian(value[at..]);
}
