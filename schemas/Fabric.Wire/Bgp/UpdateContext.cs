using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>What two speakers agreed on, as far as UPDATEs are read by it.</summary>
public sealed record UpdateContext(bool FourOctetAs, bool IsInternal, EquatableArray<AddressFamily> Families)
{
    public bool Allows(AddressFamily family) => Families.AsSpan().Contains(family);
}
