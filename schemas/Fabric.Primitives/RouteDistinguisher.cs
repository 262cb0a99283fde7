using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Fabric.Primitives;

/// <summary>
/// A route distinguisher (RFC 4364 section 4.2), kept as its eight bytes in network order.
/// <code>
/// type 0:  | 0 (2) | AS number (2)    | number (4) |
/// type 1:  | 1 (2) | IPv4 address (4) | number (2) |
/// type 2:  | 2 (2) | AS number (4)    | number (2) |
/// </code>
/// </summary>
public readonly record struct RouteDistinguisher(ulong Value) : IComparable<RouteDistinguisher>
{
    public const int ByteCount = 8;

    /// <summary>No route distinguisher is longer as text.</summary>
    public const int MaxTextLength = 24;

    public int Type => (int)(Value >> 48);

    public static RouteDistinguisher FromAddress(IpAddress address, ushort number) => new(1UL << 48 | (ulong)address.Ipv4 << 16 | number);

    public static RouteDistinguisher FromAs(AsNumber asNumber, uint number) =>
        asNumber.FitsTwoOctets
            ? new RouteDistinguisher((ulong)asNumber.Value << 32 | number)
            : new RouteDistinguisher(2UL << 48 | (ulong)asNumber.Value << 16 | (ushort)number);

    public static RouteDistinguisher Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt64BigEndian(bytes));

    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt64BigEndian(destination, Value);

    /// <summary>Parses "64512:100" or "192.0.2.1:5".</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out RouteDistinguisher rd)
    {
        rd = default;
        if (!AdministratorNumber.TryParse(text, out var type, out var bits))
        {
            return false;
        }

        rd = new RouteDistinguisher((ulong)type << 48 | bits);
        return true;
    }

    public static RouteDistinguisher Parse(string text) =>
        TryParse(text, out var rd) ? rd : throw new FormatException($"'{text}' is not a route distinguisher.");

    public int CompareTo(RouteDistinguisher other) => Value.CompareTo(other.Value);

    public static bool operator <(RouteDistinguisher left, RouteDistinguisher right) => left.Value < right.Value;

    public static bool operator >(RouteDistinguisher left, RouteDistinguisher right) => left.Value > right.Value;

    public static bool operator <=(RouteDistinguisher left, RouteDistinguisher right) => left.Value <= right.Value;

    public static bool operator >=(RouteDistinguisher left, RouteDistinguisher right) => left.Value >= right.Value;

    public override string ToString() => AdministratorNumber.Format(Type, Value & 0xFFFF_FFFF_FFFF);

    /// <summary>Writes the same text in ASCII and returns its length. A type of RFC 4364 costs no allocation.</summary>
    /// <param name="text">With room for <see cref="MaxTextLength"/>.</param>
    public int Format(Span<byte> text) => AdministratorNumber.Format(Type, Value & 0xFFFF_FFFF_FFFF, text);
}
