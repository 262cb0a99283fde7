using System.Diagnostics.CodeAnalysis;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing.Policies;

/// <summary>Communities of one kind whose bits under a mask are given; with all bits given, one community.</summary>
public readonly record struct CommunityPattern
{
    private CommunityPattern(CommunityKinds kind, UInt128 bits, UInt128 mask)
    {
        Kind = kind;
        Mask = mask & AllBits(kind);
        Bits = bits & Mask;
    }

    public CommunityKinds Kind { get; }

    public UInt128 Bits { get; }

    public UInt128 Mask { get; }

    public bool IsExact => Mask == AllBits(Kind);

    public static CommunityPattern Exactly(Community community) => new(community.Kind, community.Bits, UInt128.MaxValue);

    /// <summary>The mask has ones where a community must agree with the one given.</summary>
    public static CommunityPattern Masked(Community community, UInt128 mask) => new(community.Kind, community.Bits, mask);

    /// <summary>
    /// Parses, where each number may be a "*":
    /// <code>
    /// standard   64512:100   no-export   no-advertise   no-export-subconfed   graceful-shutdown   llgr-stale   no-llgr
    /// large      64512:1:2
    /// extended   target:64512:100   target:192.0.2.1:5   target:*   origin:64512:100   0x030c000000000008
    /// </code>
    /// The administrator of an extended community decides its form and can't be a "*" beside a number.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out CommunityPattern pattern) =>
        CommunityPatternParser.TryParse(text ?? "", out pattern);

    public static CommunityPattern Parse(string text) =>
        TryParse(text, out var pattern) ? pattern : throw new FormatException($"'{text}' is not a pattern of communities.");

    public bool Fits(uint standard) => Fits(CommunityKinds.Standard, standard);

    public bool Fits(ExtendedCommunity extended) => Fits(CommunityKinds.Extended, extended.Value);

    public bool Fits(LargeCommunity large) => Fits(CommunityKinds.Large, Community.Number(large));

    /// <summary>Whether one of the set's communities fits.</summary>
    internal bool FitsAny(PathAttributes attributes)
    {
        switch (Kind)
        {
            case CommunityKinds.Standard:
                foreach (var community in attributes.Communities)
                {
                    if (Fits(community))
                    {
                        return true;
                    }
                }

                return false;
            case CommunityKinds.Extended:
                foreach (var community in attributes.ExtendedCommunities)
                {
                    if (Fits(community))
                    {
                        return true;
                    }
                }

                return false;
            default:
                foreach (var community in attributes.LargeCommunities)
                {
                    if (Fits(community))
                    {
                        return true;
                    }
                }

                return false;
        }
    }

    private bool Fits(CommunityKinds kind, UInt128 bits) => kind == Kind && (bits & Mask) == Bits;

    private static UInt128 AllBits(CommunityKinds kind) =>
        kind switch
        {
            CommunityKinds.Standard => uint.MaxValue,
            CommunityKinds.Extended => ulong.MaxValue,
            CommunityKinds.Large => UInt128.MaxValue >> 32,
            _ => 0,
        };
}
