using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing.Policies;

/// <summary>A community of any kind, as the number that its octets are in network order.</summary>
public readonly record struct Community
{
    private Community(CommunityKinds kind, UInt128 bits)
    {
        Kind = kind;
        Bits = bits;
    }

    public CommunityKinds Kind { get; }

    public UInt128 Bits { get; }

    public static Community Of(uint standard) => new(CommunityKinds.Standard, standard);

    public static Community Of(ExtendedCommunity extended) => new(CommunityKinds.Extended, extended.Value);

    public static Community Of(LargeCommunity large) => new(CommunityKinds.Large, Number(large));

    internal uint Standard => (uint)Bits;

    internal ExtendedCommunity Extended => new((ulong)Bits);

    internal LargeCommunity Large => new((uint)(Bits >> 64), (uint)(Bits >> 32), (uint)Bits);

    internal static UInt128 Number(LargeCommunity large) =>
        new(large.GlobalAdministrator, (ulong)large.LocalData1 << 32 | large.LocalData2);

    /// <summary>Parses what <see cref="CommunityPattern.TryParse"/> does, without wildcards.</summary>
    public static bool TryParse(string? text, out Community community)
    {
        var isExact = CommunityPattern.TryParse(text, out var pattern) && pattern.IsExact;
        community = isExact ? new Community(pattern.Kind, pattern.Bits) : default;
        return isExact;
    }

    public static Community Parse(string text) =>
        TryParse(text, out var community) ? community : throw new FormatException($"'{text}' is not a community.");

    public override string ToString() =>
        Kind switch
        {
            CommunityKinds.Standard => WellKnownCommunity.NameOf(Standard) ?? $"{Standard >> 16}:{(ushort)Standard}",
            CommunityKinds.Extended => Extended.ToString(),
            CommunityKinds.Large => Large.ToString(),
            _ => "-",
        };
}
