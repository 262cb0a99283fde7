using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>
/// NLRI of one family in an UPDATE with one meaning: withdrawn, or reachable with <see cref="Attributes"/>.
/// The bytes were checked; the reader to use is that of the family.
/// </summary>
public readonly ref struct NlriBlock
{
    internal NlriBlock(AddressFamily family, ReadOnlySpan<byte> nlri, PathAttributes? attributes)
    {
        Family = family;
        Nlri = nlri;
        Attributes = attributes;
    }

    public AddressFamily Family { get; }

    /// <summary>Null for a withdrawal.</summary>
    public PathAttributes? Attributes { get; }

    public bool IsWithdrawal => Attributes is null;

    public ReadOnlySpan<byte> Nlri { get; }

    public NlriReader<PrefixNlri> Prefixes => new(Nlri, Family);

    public NlriReader<LabelledNlri> LabelledRoutes => new(Nlri, Family);

    public NlriReader<VpnNlri> VpnRoutes => new(Nlri, Family);

    public NlriReader<RouteTargetMembershipNlri> Memberships => new(Nlri, Family);

    public NlriReader<EvpnNlri> EvpnRoutes => new(Nlri, Family);

    /// <summary>Whether Fabric can read the family at all.</summary>
    internal static bool IsKnown(AddressFamily family) => (family.Afi, family.Safi) is (1 or 2, 1 or 4 or 128) or (1, 132) or (25, 70);

    internal static bool IsWellFormed(ReadOnlySpan<byte> nlri, AddressFamily family) =>
        family.Safi switch
        {
            4 => NlriReader<LabelledNlri>.IsWellFormed(nlri, family),
            128 => NlriReader<VpnNlri>.IsWellFormed(nlri, family),
            132 => NlriReader<RouteTargetMembershipNlri>.IsWellFormed(nlri, family),
            70 => NlriReader<EvpnNlri>.IsWellFormed(nlri, family),
            _ => NlriReader<PrefixNlri>.IsWellFormed(nlri, family),
        };
}
