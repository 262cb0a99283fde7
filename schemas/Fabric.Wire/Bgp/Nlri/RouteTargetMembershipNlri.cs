using System.Buffers.Binary;
using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>
/// Route target membership (RFC 4684 section 4), a prefix of 0 or 32 to 96 bits:
/// <code>
/// | length in bits (1) | origin AS (4) | route target (8, cut to the length) |
/// </code>
/// Length 0 is the default: all targets. Bits of <see cref="Target"/> behind the length are zero.
/// </summary>
public readonly record struct RouteTargetMembershipNlri : INlri<RouteTargetMembershipNlri>
{
    private const int OriginBits = 32;
    private const int MaxBits = 96;

    private RouteTargetMembershipNlri(AsNumber originAs, RouteTarget target, byte length)
    {
        OriginAs = originAs;
        Target = target;
        Length = length;
    }

    public AsNumber OriginAs { get; }

    public RouteTarget Target { get; }

    /// <summary>Bits of origin AS and target that count.</summary>
    public byte Length { get; }

    public static RouteTargetMembershipNlri Default => default;

    public static RouteTargetMembershipNlri For(AsNumber originAs, RouteTarget target) => new(originAs, target, MaxBits);

    /// <summary>A membership of any length; bits behind it are to be zero.</summary>
    public static RouteTargetMembershipNlri Create(AsNumber originAs, RouteTarget target, byte length) => new(originAs, target, length);

    public bool IsDefault => Length == 0;

    /// <summary>Whether a route with this target is asked for.</summary>
    public bool Matches(RouteTarget target) => (target.Value & TargetMask(Length)) == Target.Value;

    public static int Measure(ReadOnlySpan<byte> bytes, AddressFamily family)
    {
        int bits = bytes[0];
        var length = 1 + PrefixBits.Bytes(bits);
        return bits is 0 or (>= OriginBits and <= MaxBits) && length <= bytes.Length ? length : -1;
    }

    public static RouteTargetMembershipNlri Read(ReadOnlySpan<byte> bytes, AddressFamily family)
    {
        if (bytes[0] == 0)
        {
            return default;
        }

        Span<byte> target = stackalloc byte[8];
        target.Clear();
        bytes[5..].CopyTo(target);
        return new(
            new AsNumber(BinaryPrimitives.ReadUInt32BigEndian(bytes[1..])),
            new RouteTarget(BinaryPrimitives.ReadUInt64BigEndian(target) & TargetMask(bytes[0])),
            bytes[0]
        );
    }

    public int ByteCount => 1 + PrefixBits.Bytes(Length);

    public void Write(Span<byte> destination, bool withdraw)
    {
        Span<byte> whole = stackalloc byte[MaxBits / 8];
        BinaryPrimitives.WriteUInt32BigEndian(whole, OriginAs.Value);
        BinaryPrimitives.WriteUInt64BigEndian(whole[4..], Target.Value);
        destination[0] = Length;
        whole[..(ByteCount - 1)].CopyTo(destination[1..]);
    }

    private static ulong TargetMask(int length) => length <= OriginBits ? 0 : ulong.MaxValue << (MaxBits - length);

    public override string ToString() => IsDefault ? "default" : $"{OriginAs}:{Target}/{Length}";
}
