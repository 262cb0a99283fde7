using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>
/// A route target membership (RFC 4684 section 4): "routes that carry this target are wanted". The first <see cref="Length"/>
/// bits of <code>| origin AS (4) | route target (8) |</code> count; length 0 is the default, which wants every route.
/// </summary>
public readonly record struct RouteTargetMembership
{
    public const int MaxLength = 96;

    public AsNumber OriginAs { get; }

    public RouteTarget Target { get; }

    public byte Length { get; }

    /// <summary>Takes any values and clears the bits behind the length.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is not in 0..96.</exception>
    public RouteTargetMembership(AsNumber originAs, RouteTarget target, int length = MaxLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxLength);
        OriginAs = new AsNumber((uint)(originAs.Value & Mask(Math.Min(length, 32), 32)));
        Target = new RouteTarget(target.Value & TargetMask(length));
        Length = (byte)length;
    }

    public static RouteTargetMembership Default { get; } = new(default, default, 0);

    public bool Matches(RouteTarget target) => (target.Value & TargetMask(Length)) == Target.Value;

    internal static ulong TargetMask(int length) => Mask(Math.Max(length - 32, 0), 64);

    private static ulong Mask(int length, int width) => length == 0 ? 0 : ulong.MaxValue << (width - length);

    public override string ToString() => Length == 0 ? "default" : $"{OriginAs}:{Target}/{Length}";
}
