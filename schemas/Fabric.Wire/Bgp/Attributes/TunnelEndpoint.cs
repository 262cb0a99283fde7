using System.Buffers.Binary;
using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>The value of a Tunnel Egress Endpoint sub-TLV (RFC 9012 section 3.1), as <see cref="TunnelReader"/> lays it out.</summary>
internal static class TunnelEndpoint
{
    public const ushort NextHop = 0;
    public const ushort Ipv4 = 1;
    public const ushort Ipv6 = 2;

    private const int HeadBytes = 6;

    /// <summary>
    /// Blocks of the special-purpose registries (RFC 6890) that are no destination or are not forwarded. Those of protocol assignments,
    /// 192.0.0.0/24 and 2001::/23, are left out, since their parts differ.
    /// </summary>
    private static readonly IpPrefix[] s_martians =
    [
        .. new[]
        {
            "0.0.0.0/8",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "192.0.2.0/24",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "240.0.0.0/4",
            "::/127",
            "::ffff:0:0/96",
            "2001:db8::/32",
            "3fff::/20",
            "fe80::/10",
        }.Select(IpPrefix.Parse),
    ];

    public static ushort Family(ReadOnlySpan<byte> value) => BinaryPrimitives.ReadUInt16BigEndian(value[4..]);

    /// <summary>Of one that is well-formed, in family 1 or 2.</summary>
    public static IpAddress Address(ReadOnlySpan<byte> value) => IpAddress.Read(value[HeadBytes..]);

    /// <summary>Of a family beyond these nobody here knows the length; who does may use it.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> value) =>
        value.Length >= HeadBytes
        && Family(value) switch
        {
            NextHop => value.Length == HeadBytes,
            Ipv4 => value.Length == HeadBytes + 4 && IsDestination(Address(value)),
            Ipv6 => value.Length == HeadBytes + 16 && IsDestination(Address(value)),
            _ => true,
        };

    private static bool IsDestination(IpAddress address) => !Array.Exists(s_martians, block => block.Contains(address));
}
