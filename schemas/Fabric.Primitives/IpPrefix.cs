using System.Diagnostics.CodeAnalysis;

namespace Fabric.Primitives;

/// <summary>An IP prefix: an address whose bits behind <see cref="Length"/> are zero, and that length.</summary>
public readonly record struct IpPrefix : IComparable<IpPrefix>
{
    /// <summary>No prefix is longer as text.</summary>
    public const int MaxTextLength = IpAddress.MaxTextLength + 4;

    // The parts of the address, side by side with the length: 24 bytes.
    private readonly ulong _upper;
    private readonly ulong _lower;

    public IpAddress Address => new(_upper, _lower, Kind);

    public AddressKind Kind { get; }

    public byte Length { get; }

    /// <summary>Takes any address and clears its host bits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length does not fit the address.</exception>
    public IpPrefix(IpAddress address, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxLength(address.Kind));
        Kind = address.Kind;
        Length = (byte)length;
        if (address.IsIpv4)
        {
            _lower = address.Ipv4 & MaskIpv4(length);
        }
        else
        {
            var bits = address.Bits & MaskIpv6(length);
            (_upper, _lower) = ((ulong)(bits >> 64), (ulong)bits);
        }
    }

    public bool IsHost => Length == MaxLength(Kind);

    public static int MaxLength(AddressKind kind) => kind == AddressKind.Ipv4 ? 32 : 128;

    /// <summary>The netmask of an IPv4 prefix length, in host order.</summary>
    public static uint MaskIpv4(int length) => length == 0 ? 0 : uint.MaxValue << (32 - length);

    private static UInt128 MaskIpv6(int length) => length == 0 ? 0 : UInt128.MaxValue << (128 - length);

    public static IpPrefix Host(IpAddress address) => new(address, MaxLength(address.Kind));

    public bool Contains(IpAddress address) => address.Kind == Kind && new IpPrefix(address, Length).Address == Address;

    public bool Contains(IpPrefix other) => other.Length >= Length && Contains(other.Address);

    /// <summary>Parses "10.1.0.0/24"; host bits must be zero. A bare address is a host prefix.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out IpPrefix prefix)
    {
        prefix = default;
        if (text is null)
        {
            return false;
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IpAddress.TryParse(slash < 0 ? text : text[..slash], out var address))
        {
            return false;
        }

        var length = MaxLength(address.Kind);
        if (slash >= 0 && (!byte.TryParse(text.AsSpan(slash + 1), out var parsed) || parsed > length))
        {
            return false;
        }

        if (slash >= 0)
        {
            length = byte.Parse(text.AsSpan(slash + 1));
        }

        prefix = new IpPrefix(address, length);
        return prefix.Address == address;
    }

    public static IpPrefix Parse(string text) =>
        TryParse(text, out var prefix) ? prefix : throw new FormatException($"'{text}' is not an IP prefix.");

    public int CompareTo(IpPrefix other)
    {
        var byAddress = Address.CompareTo(other.Address);
        return byAddress != 0 ? byAddress : Length.CompareTo(other.Length);
    }

    public static bool operator <(IpPrefix left, IpPrefix right) => left.CompareTo(right) < 0;

    public static bool operator >(IpPrefix left, IpPrefix right) => left.CompareTo(right) > 0;

    public static bool operator <=(IpPrefix left, IpPrefix right) => left.CompareTo(right) <= 0;

    public static bool operator >=(IpPrefix left, IpPrefix right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"{Address}/{Length}";

    /// <summary>Writes the same text in ASCII and returns its length. An IPv4 prefix costs no allocation.</summary>
    /// <param name="text">With room for <see cref="MaxTextLength"/>.</param>
    public int Format(Span<byte> text)
    {
        var length = Address.Format(text);
        text[length++] = (byte)'/';
        return length + AsciiText.Write(text[length..], Length);
    }
}
