using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Fabric.Primitives;

/// <summary>
/// An IPv4 or IPv6 address as a value. An IPv4 address occupies the low 32 bits of <see cref="Bits"/>; it never equals the
/// IPv4-mapped IPv6 address of the same number. It is kept in halves: a <see cref="UInt128"/> is aligned to 16 bytes, which would make what
/// has an address in it larger by a third.
/// </summary>
public readonly record struct IpAddress : IComparable<IpAddress>
{
    /// <summary>No address is longer as text.</summary>
    public const int MaxTextLength = 45;

    private readonly ulong _upper;
    private readonly ulong _lower;

    internal IpAddress(ulong upper, ulong lower, AddressKind kind)
    {
        _upper = upper;
        _lower = lower;
        Kind = kind;
    }

    public UInt128 Bits => new(_upper, _lower);

    public AddressKind Kind { get; }

    /// <summary>The default value of the struct: neither IPv4 nor IPv6, printed as "-".</summary>
    public bool IsNone => Kind is not (AddressKind.Ipv4 or AddressKind.Ipv6);

    public bool IsIpv4 => Kind == AddressKind.Ipv4;

    /// <summary>
    /// What can be connected to, and told as a next hop: not "any address", no group of hosts, and no IPv4 address in the clothes of IPv6.
    /// </summary>
    public bool IsOfOneHost
    {
        get
        {
            const uint FirstMulticast = 0xE000_0000;
            return IsIpv4
                ? Ipv4 is > 0 and < FirstMulticast
                : !IsNone && Bits != UInt128.Zero && ToIPAddress() is { IsIPv6Multicast: false, IsIPv4MappedToIPv6: false };
        }
    }

    /// <summary>An IPv6 address that means something on one link alone, fe80::/10 (RFC 4291 section 2.5.6).</summary>
    public bool IsLinkLocal => Kind == AddressKind.Ipv6 && _upper >> 54 == 0xFE80 >> 6;

    /// <summary>The IPv4 address as a number in host order; only for <see cref="AddressKind.Ipv4"/>.</summary>
    public uint Ipv4 => (uint)_lower;

    public int ByteCount => Kind == AddressKind.Ipv4 ? 4 : 16;

    public static IpAddress FromIpv4(uint hostOrder) => new(0, hostOrder, AddressKind.Ipv4);

    public static IpAddress FromIpv6(UInt128 hostOrder) => new((ulong)(hostOrder >> 64), (ulong)hostOrder, AddressKind.Ipv6);

    /// <summary>Reads 4 or 16 bytes in network order.</summary>
    /// <exception cref="ArgumentException">The span has neither 4 nor 16 bytes.</exception>
    public static IpAddress Read(ReadOnlySpan<byte> bytes) =>
        bytes.Length switch
        {
            4 => FromIpv4(BinaryPrimitives.ReadUInt32BigEndian(bytes)),
            16 => FromIpv6(BinaryPrimitives.ReadUInt128BigEndian(bytes)),
            _ => throw new ArgumentException("An IP address has 4 or 16 bytes.", nameof(bytes)),
        };

    /// <summary>Writes 4 or 16 bytes in network order and returns how many.</summary>
    public int Write(Span<byte> destination)
    {
        if (Kind == AddressKind.Ipv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, Ipv4);
            return 4;
        }

        BinaryPrimitives.WriteUInt128BigEndian(destination, Bits);
        return 16;
    }

    public static IpAddress From(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var written);
        return Read(bytes[..written]);
    }

    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        return new IPAddress(bytes[..Write(bytes)]);
    }

    public static bool TryParse([NotNullWhen(true)] string? text, out IpAddress address)
    {
        // IPAddress.TryParse also takes "10" and "0x7f.1"; an IPv4 address here has four decimal parts.
        if (
            text is not null
            && IPAddress.TryParse(text, out var parsed)
            && (parsed.AddressFamily == AddressFamilyV6 || text.Count(c => c == '.') == 3)
            && parsed.ScopeIdOrZero() == 0
        )
        {
            address = From(parsed);
            return true;
        }

        address = default;
        return false;
    }

    private const System.Net.Sockets.AddressFamily AddressFamilyV6 = System.Net.Sockets.AddressFamily.InterNetworkV6;

    public static IpAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not an IP address.");

    public int CompareTo(IpAddress other) => Kind != other.Kind ? Kind.CompareTo(other.Kind) : Bits.CompareTo(other.Bits);

    public static bool operator <(IpAddress left, IpAddress right) => left.CompareTo(right) < 0;

    public static bool operator >(IpAddress left, IpAddress right) => left.CompareTo(right) > 0;

    public static bool operator <=(IpAddress left, IpAddress right) => left.CompareTo(right) <= 0;

    public static bool operator >=(IpAddress left, IpAddress right) => left.CompareTo(right) >= 0;

    public override string ToString() => IsNone ? "-" : ToIPAddress().ToString();

    /// <summary>Writes the same text in ASCII and returns its length. An IPv4 address costs no allocation.</summary>
    /// <param name="text">With room for <see cref="MaxTextLength"/>.</param>
    public int Format(Span<byte> text)
    {
        if (!IsIpv4)
        {
            return AsciiText.Write(text, ToString());
        }

        var length = 0;
        for (var shift = 24; shift >= 0; shift -= 8)
        {
            length += AsciiText.Write(text[length..], (byte)(Ipv4 >> shift));
            if (shift > 0)
            {
                text[length++] = (byte)'.';
            }
        }

        return length;
    }
}

file static class ScopeExtensions
{
    public static long ScopeIdOrZero(this IPAddress address) =>
        address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? address.ScopeId : 0;
}
