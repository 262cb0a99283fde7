using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>What two speakers agreed on, as far as UPDATEs are read by it.</summary>
public sealed record UpdateContext(bool FourOctetAs, bool IsInternal, EquatableArray<AddressFamily> Families)
{
    /// <summary>Families in which the peer sends several paths, each with an identifier (RFC 7911).</summary>
    public EquatableArray<AddressFamily> AddPathFamilies { get; init; }

    /// <summary>Families of IPv4 routes whose next hop may be an IPv6 address (RFC 8950).</summary>
    public EquatableArray<AddressFamily> ExtendedNextHopFamilies { get; init; }

    /// <summary>Of a family with IPv4 routes.</summary>
    internal bool AllowsIpv6NextHops(AddressFamily family) => ExtendedNextHopFamilies.AsSpan().Contains(family);

    /// <summary>Octets before each NLRI of the family.</summary>
    internal int PathIdBytes(AddressFamily family) => AddPathFamilies.AsSpan().Contains(family) ? 4 : 0;

    public bool Allows(AddressFamily family) => Families.AsSpan().Contains(family);
}
