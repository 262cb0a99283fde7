using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>BGP role (RFC 9234 section 4.1): <code>| role (1) |</code> Values that are not assigned are kept; they correspond to none.</summary>
public sealed record RoleCapability(BgpRole Role) : Capability(CodeValue)
{
    public const byte CodeValue = 9;

    public override int ValueBytes => 1;

    public override void WriteValue(Span<byte> destination) => destination[0] = (byte)Role;
}
