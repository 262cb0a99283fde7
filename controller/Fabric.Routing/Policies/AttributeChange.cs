using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing.Policies;

/// <summary>What actions do to a set of attributes. A set that would not change is given back as it is.</summary>
internal static class AttributeChange
{
    public static PathAttributes Apply(PolicyAction action, PathAttributes attributes, AsNumber localAs, IpAddress ownNextHop) =>
        action switch
        {
            PolicyAction.SetLocalPreference set => WithLocalPreference(attributes, set.Value),
            PolicyAction.SetMultiExitDisc set => WithMultiExitDisc(attributes, set.Value),
            PolicyAction.AddMultiExitDisc add => WithMultiExitDisc(attributes, Sum(attributes.MultiExitDisc ?? 0, add.Value)),
            PolicyAction.SubtractMultiExitDisc sub => WithMultiExitDisc(attributes, Difference(attributes.MultiExitDisc ?? 0, sub.Value)),
            PolicyAction.PrependAs prepend => WithPrepended(attributes, prepend.AsNumber ?? localAs, prepend.Count),
            PolicyAction.SetCommunities set => CommunityChange.Set(attributes, set.Kind, set.Communities),
            PolicyAction.AddCommunities add => CommunityChange.Add(attributes, add.Communities),
            PolicyAction.RemoveCommunities remove => CommunityChange.Remove(attributes, remove.Patterns),
            PolicyAction.SetNextHop set => WithNextHop(attributes, set.Address),
            PolicyAction.SetNextHopSelf => WithNextHop(attributes, ownNextHop),
            PolicyAction.SetOrigin set => attributes.Origin == set.Origin ? attributes : attributes with { Origin = set.Origin },
            _ => attributes,
        };

    public static PathAttributes WithLocalPreference(PathAttributes attributes, uint? value) =>
        attributes.LocalPref == value ? attributes : attributes with { LocalPref = value };

    public static PathAttributes WithMultiExitDisc(PathAttributes attributes, uint? value) =>
        attributes.MultiExitDisc == value ? attributes : attributes with { MultiExitDisc = value };

    public static PathAttributes WithNextHop(PathAttributes attributes, IpAddress address) =>
        attributes.NextHop == address ? attributes : attributes with { NextHop = address };

    public static PathAttributes WithPrepended(PathAttributes attributes, AsNumber asNumber, int count)
    {
        if (count <= 0)
        {
            return attributes;
        }

        var path = attributes.AsPath;
        for (var i = 0; i < count; i++)
        {
            path = path.Prepend(asNumber);
        }

        return attributes with
        {
            AsPath = path,
        };
    }

    private static uint Sum(uint a, uint b) => (uint)Math.Min((ulong)a + b, uint.MaxValue);

    private static uint Difference(uint a, uint b) => a > b ? a - b : 0;
}
