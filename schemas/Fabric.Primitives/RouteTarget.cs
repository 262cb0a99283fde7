using System.Diagnostics.CodeAnalysis;

namespace Fabric.Primitives;

/// <summary>A route target (RFC 4360 section 4): the extended community that says which VRFs import a route. Written "target:64512:100".</summary>
public readonly record struct RouteTarget(ulong Value) : IComparable<RouteTarget>
{
    private const string Scheme = "target:";

    public ExtendedCommunity Community => new(Value);

    public static RouteTarget FromAs(AsNumber asNumber, uint number) =>
        asNumber.FitsTwoOctets
            ? new RouteTarget(0x0002UL << 48 | (ulong)asNumber.Value << 32 | number)
            : new RouteTarget(0x0202UL << 48 | (ulong)asNumber.Value << 16 | (ushort)number);

    /// <summary>Parses "target:64512:100", "64512:100" or "192.0.2.1:5".</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out RouteTarget target)
    {
        target = default;
        var tail = text?.StartsWith(Scheme, StringComparison.Ordinal) == true ? text[Scheme.Length..] : text;
        if (!AdministratorNumber.TryParse(tail, out var type, out var bits))
        {
            return false;
        }

        target = new RouteTarget((ulong)type << 56 | 0x02UL << 48 | bits);
        return true;
    }

    public static RouteTarget Parse(string text) =>
        TryParse(text, out var target) ? target : throw new FormatException($"'{text}' is not a route target.");

    public int CompareTo(RouteTarget other) => Value.CompareTo(other.Value);

    public static bool operator <(RouteTarget left, RouteTarget right) => left.Value < right.Value;

    public static bool operator >(RouteTarget left, RouteTarget right) => left.Value > right.Value;

    public static bool operator <=(RouteTarget left, RouteTarget right) => left.Value <= right.Value;

    public static bool operator >=(RouteTarget left, RouteTarget right) => left.Value >= right.Value;

    public override string ToString() => Scheme + AdministratorNumber.Format((int)(Value >> 56), Value & 0xFFFF_FFFF_FFFF);
}
