using System.Buffers.Binary;
using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>
/// A capability of an OPEN (RFC 5492 section 4):
/// <code>
/// | code (1) | length (1) | value (length) |
/// </code>
/// </summary>
public abstract record Capability(byte Code)
{
    /// <summary>Reads one value; a known code of a wrong length is kept as unknown, since RFC 5492 leaves it without an error.</summary>
    public static Capability Decode(byte code, ReadOnlySpan<byte> value) =>
        (code, value.Length) switch
        {
            (MultiprotocolCapability.CodeValue, 4) => new MultiprotocolCapability(
                new AddressFamily(BinaryPrimitives.ReadUInt16BigEndian(value), value[3])
            ),
            (RouteRefreshCapability.CodeValue, 0) => new RouteRefreshCapability(),
            (ExtendedMessageCapability.CodeValue, 0) => new ExtendedMessageCapability(),
            (GracefulRestartCapability.CodeValue, >= 2) when value.Length % 4 == 2 => GracefulRestartCapability.DecodeValue(value),
            (FourOctetAsCapability.CodeValue, 4) => new FourOctetAsCapability(new AsNumber(BinaryPrimitives.ReadUInt32BigEndian(value))),
            (EnhancedRouteRefreshCapability.CodeValue, 0) => new EnhancedRouteRefreshCapability(),
            (RoleCapability.CodeValue, 1) => new RoleCapability((BgpRole)value[0]),
            (ExtendedNextHopCapability.CodeValue, _) when value.Length % ExtendedNextHopCapability.NextHopBytes == 0 =>
                ExtendedNextHopCapability.DecodeValue(value),
            (LongLivedGracefulRestartCapability.CodeValue, _) when value.Length % LongLivedGracefulRestartCapability.FamilyBytes == 0 =>
                LongLivedGracefulRestartCapability.DecodeValue(value),
            (AddPathCapability.CodeValue, _) when AddPathCapability.TryDecodeValue(value, out var addPath) => addPath,
            _ => new UnknownCapability(code, EquatableArray.Create(value)),
        };

    public abstract int ValueBytes { get; }

    public abstract void WriteValue(Span<byte> destination);
}

/// <summary>Multiprotocol extensions (RFC 4760 section 8): <code>| AFI (2) | 0 (1) | SAFI (1) |</code></summary>
public sealed record MultiprotocolCapability(AddressFamily Family) : Capability(CodeValue)
{
    public const byte CodeValue = 1;

    public override int ValueBytes => 4;

    public override void WriteValue(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, Family.Afi);
        destination[2] = 0;
        destination[3] = Family.Safi;
    }
}

/// <summary>Route refresh (RFC 2918 section 2), an empty value.</summary>
public sealed record RouteRefreshCapability() : Capability(CodeValue)
{
    public const byte CodeValue = 2;

    public override int ValueBytes => 0;

    public override void WriteValue(Span<byte> destination) { }
}

/// <summary>Messages of up to 65535 bytes (RFC 8654 section 3), an empty value.</summary>
public sealed record ExtendedMessageCapability() : Capability(CodeValue)
{
    public const byte CodeValue = 6;

    public override int ValueBytes => 0;

    public override void WriteValue(Span<byte> destination) { }
}

/// <summary>Four-octet AS numbers (RFC 6793 section 3): the speaker's number.</summary>
public sealed record FourOctetAsCapability(AsNumber AsNumber) : Capability(CodeValue)
{
    public const byte CodeValue = 65;

    public override int ValueBytes => 4;

    public override void WriteValue(Span<byte> destination) => BinaryPrimitives.WriteUInt32BigEndian(destination, AsNumber.Value);
}

/// <summary>Enhanced route refresh (RFC 7313 section 3.1), an empty value.</summary>
public sealed record EnhancedRouteRefreshCapability() : Capability(CodeValue)
{
    public const byte CodeValue = 70;

    public override int ValueBytes => 0;

    public override void WriteValue(Span<byte> destination) { }
}

/// <summary>A capability that Fabric does not know, or that has an unknown form; kept for the operator to see.</summary>
public sealed record UnknownCapability(byte Code, EquatableArray<byte> Value) : Capability(Code)
{
    public override int ValueBytes => Value.Count;

    public override void WriteValue(Span<byte> destination) => Value.AsSpan().CopyTo(destination);
}
