using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>What two speakers agreed on, as far as UPDATEs are read by it.</summary>
public sealed record UpdateContext(bool FourOctetAs, bool IsInternal, EquatableArray<AddressFamily> Families)
{
    /// <summary>Families in which the peer sends several paths, each with an identifier (RFC 7911).</summary>
    public EquatableArray<AddressFamily> AddPathFamilies { get; init; }

    /// <summary>Octets before each NLRI of the family.</summary>
    internal int PathIdBytes(AddressFamily family) => AddPathFamilies.AsSpan().Contains(family) ? 4 : 0;

    public bool Allows(AddressFamily family) => Families.AsSpan().Contains(family);
}
