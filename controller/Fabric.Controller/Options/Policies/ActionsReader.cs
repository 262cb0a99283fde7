using Fabric.Hosting.Configuration;
using Fabric.Primitives;
using Fabric.Routing.Policies;
using static Fabric.Controller.Options.Policies.PolicyValues;

namespace Fabric.Controller.Options.Policies;

/// <summary>
/// The key set of a term.
/// <code>
/// set:
///   local-preference: 200
///   med: +10                             # or 10, -10
///   prepend: 3                           # the session's own AS, or prepend-as
///   remove-communities: ["64512:*"]      # before those that are set or added
///   set-communities: [no-export]         # in place of all of the kinds that are named
///   add-communities: ["64512:1:2"]
///   next-hop: self                       # or unchanged, or an address
///   origin: igp
/// </code>
/// </summary>
internal static class ActionsReader
{
    private static readonly Numbers<uint> s_localPreference = new(0, uint.MaxValue, "a number");
    private static readonly Numbers<byte> s_prepend = new(1, 25, "a count");

    public static EquatableArray<PolicyAction> Read(OptionsFile term)
    {
        if (term.Section("set") is not { } set)
        {
            return [];
        }

        PolicyAction?[] actions =
        [
            s_localPreference.ReadOptional(set, "local-preference", null) is { } value ? new PolicyAction.SetLocalPreference(value) : null,
            set.Optional<PolicyAction?>("med", MultiExitDisc, MultiExitDiscExpected, null),
            Prepend(set),
            RemoveCommunities(set),
            .. SetCommunities(set),
            AddCommunities(set),
            set.Optional<PolicyAction?>("next-hop", NextHop, NextHopExpected, null),
            set.Has("origin")
                ? new PolicyAction.SetOrigin(set.Required<Wire.Bgp.Origin>("origin", Origins.TryParse, Origins.Expected))
                : null,
        ];
        return [.. actions.OfType<PolicyAction>()];
    }

    private static PolicyAction.PrependAs? Prepend(OptionsFile set)
    {
        var asNumber = set.Has("prepend-as")
            ? set.Required<AsNumber>("prepend-as", BgpOptionValues.As, BgpOptionValues.AsExpected)
            : (AsNumber?)null;
        if (s_prepend.ReadOptional(set, "prepend", null) is { } count)
        {
            return new PolicyAction.PrependAs(asNumber, count);
        }

        return asNumber is null ? null : new PolicyAction.PrependAs(asNumber, Count: 1);
    }

    private static PolicyAction.RemoveCommunities? RemoveCommunities(OptionsFile set)
    {
        var patterns = NotEmpty<CommunityPattern>(set, "remove-communities", CommunityPattern.TryParse, CommunityExpected);
        return patterns.Count == 0 ? null : new PolicyAction.RemoveCommunities([.. patterns]);
    }

    private static IEnumerable<PolicyAction.SetCommunities> SetCommunities(OptionsFile set) =>
        NotEmpty<Community>(set, "set-communities", Community.TryParse, OneCommunityExpected)
            .GroupBy(community => community.Kind)
            .Select(kind => new PolicyAction.SetCommunities(kind.Key, [.. kind]));

    private static PolicyAction.AddCommunities? AddCommunities(OptionsFile set)
    {
        var communities = NotEmpty<Community>(set, "add-communities", Community.TryParse, OneCommunityExpected);
        return communities.Count == 0 ? null : new PolicyAction.AddCommunities([.. communities]);
    }
}
