using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>
/// NLRI of one family in an UPDATE with one meaning: withdrawn, or reachable with <see cref="Attributes"/>.
/// The bytes were checked; the reader to use is that of the family.
/// </summary>
public readonly ref struct NlriBlock
{
    private readonly int _pathIdBytes;

    internal NlriBlock(AddressFamily family, ReadOnlySpan<byte> nlri, ReceivedAttributes? received, int pathIdBytes)
    {
        _pathIdBytes = pathIdBytes;
        Family = family;
        Nlri = nlri;
        Received = received;
    }

    public AddressFamily Family { get; }

    /// <summary>Null for a withdrawal. Valid until the next message is decoded.</summary>
    public ReceivedAttributes? Received { get; }

    /// <summary>Null for a withdrawal.</summary>
    public PathAttributes? Attributes => Received?.Value;

    public bool IsWithdrawal => Received is null;

    public ReadOnlySpan<byte> Nlri { get; }

    /// <summary>Whether each NLRI has a path identifier (RFC 7911), which the reader then tells.</summary>
    public bool HasPathIds => _pathIdBytes > 0;

    public NlriReader<PrefixNlri> Prefixes => new(Nlri, Family, _pathIdBytes);

    public NlriReader<LabelledNlri> LabelledRoutes => new(Nlri, Family, _pathIdBytes);

    public NlriReader<VpnNlri> VpnRoutes => new(Nlri, Family, _pathIdBytes);

    public NlriReader<RouteTargetMembershipNlri> Memberships => new(Nlri, Family, _pathIdBytes);

    public NlriReader<EvpnNlri> EvpnRoutes => new(Nlri, Family, _pathIdBytes);

    /// <summary>Whether Fabric can read the family at all.</summary>
    internal static bool IsKnown(AddressFamily family) => (family.Afi, family.Safi) is (1 or 2, 1 or 4 or 128) or (1, 132) or (25, 70);

    internal static bool IsWellFormed(ReadOnlySpan<byte> nlri, AddressFamily family, int pathIdBytes) =>
        family.Safi switch
        {
            4 => NlriReader<LabelledNlri>.IsWellFormed(nlri, family, pathIdBytes),
            128 => NlriReader<VpnNlri>.IsWellFormed(nlri, family, pathIdBytes),
            132 => NlriReader<RouteTargetMembershipNlri>.IsWellFormed(nlri, family, pathIdBytes),
            70 => NlriReader<EvpnNlri>.IsWellFormed(nlri, family, pathIdBytes),
            _ => NlriReader<PrefixNlri>.IsWellFormed(nlri, family, pathIdBytes),
        };
}
