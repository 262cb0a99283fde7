using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing.Policies;

/// <summary>Sets, adds and removes communities of a set of attributes; the lists stay in ascending order without duplicates.</summary>
internal static class CommunityChange
{
    public static PathAttributes Set(PathAttributes attributes, CommunityKinds kind, EquatableArray<Community> communities) =>
        IsExactly(attributes, kind, communities) ? attributes : Add(Keep(attributes, ~kind), communities);

    /// <summary>Leaves the communities of these kinds alone; those of IPv6 addresses (RFC 5701) are extended ones.</summary>
    public static PathAttributes Keep(PathAttributes attributes, CommunityKinds kinds)
    {
        var changed = attributes;
        if ((kinds & CommunityKinds.Standard) == CommunityKinds.None && !attributes.Communities.IsEmpty)
        {
            changed = changed with { Communities = [] };
        }

        var hasExtended = !(attributes.ExtendedCommunities.IsEmpty && attributes.Ipv6ExtendedCommunities.IsEmpty);
        if ((kinds & CommunityKinds.Extended) == CommunityKinds.None && hasExtended)
        {
            changed = changed with { ExtendedCommunities = [], Ipv6ExtendedCommunities = [] };
        }

        if ((kinds & CommunityKinds.Large) == CommunityKinds.None && !attributes.LargeCommunities.IsEmpty)
        {
            changed = changed with { LargeCommunities = [] };
        }

        return changed;
    }

    public static PathAttributes Add(PathAttributes attributes, EquatableArray<Community> communities)
    {
        foreach (var community in communities)
        {
            attributes = community.Kind switch
            {
                CommunityKinds.Standard => Add(attributes, community.Standard),
                CommunityKinds.Extended => Add(attributes, community.Extended),
                _ => Add(attributes, community.Large),
            };
        }

        return attributes;
    }

    public static PathAttributes Add(PathAttributes attributes, uint community) =>
        attributes.Communities.AsSpan().Contains(community)
            ? attributes
            : attributes with
            {
                Communities = [.. attributes.Communities.Append(community).Order()],
            };

    public static PathAttributes Remove(PathAttributes attributes, EquatableArray<CommunityPattern> patterns)
    {
        foreach (var pattern in patterns)
        {
            if (pattern.FitsAny(attributes))
            {
                attributes = Without(attributes, pattern);
            }
        }

        return attributes;
    }

    private static PathAttributes Without(PathAttributes attributes, CommunityPattern pattern) =>
        attributes with
        {
            Communities = [.. attributes.Communities.Where(c => !pattern.Fits(c))],
            ExtendedCommunities = [.. attributes.ExtendedCommunities.Where(c => !pattern.Fits(c))],
            LargeCommunities = [.. attributes.LargeCommunities.Where(c => !pattern.Fits(c))],
        };

    /// <summary>Whether the communities of these kinds are, as a set, the given ones.</summary>
    private static bool IsExactly(PathAttributes attributes, CommunityKinds kinds, EquatableArray<Community> communities)
    {
        foreach (var community in communities)
        {
            if (!CommunityPattern.Exactly(community).FitsAny(attributes))
            {
                return false;
            }
        }

        var given = communities.AsSpan();
        if ((kinds & CommunityKinds.Standard) != CommunityKinds.None)
        {
            foreach (var community in attributes.Communities)
            {
                if (!given.Contains(Community.Of(community)))
                {
                    return false;
                }
            }
        }

        if ((kinds & CommunityKinds.Extended) != CommunityKinds.None)
        {
            if (!attributes.Ipv6ExtendedCommunities.IsEmpty)
            {
                return false;
            }

            foreach (var community in attributes.ExtendedCommunities)
            {
                if (!given.Contains(Community.Of(community)))
                {
                    return false;
                }
            }
        }

        if ((kinds & CommunityKinds.Large) != CommunityKinds.None)
        {
            foreach (var community in attributes.LargeCommunities)
            {
                if (!given.Contains(Community.Of(community)))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static PathAttributes Add(PathAttributes attributes, ExtendedCommunity community) =>
        attributes.ExtendedCommunities.AsSpan().Contains(community) ? attributes : attributes.WithExtendedCommunities([community]);

    private static PathAttributes Add(PathAttributes attributes, LargeCommunity community) =>
        attributes.LargeCommunities.AsSpan().Contains(community)
            ? attributes
            : attributes with
            {
                LargeCommunities = [.. attributes.LargeCommunities.Append(community).Order()],
            };
}
