using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing.Policies;

/// <summary>One change of a route's attributes.</summary>
public abstract record PolicyAction
{
    private PolicyAction() { }

    public sealed record SetLocalPreference(uint Value) : PolicyAction;

    public sealed record SetMultiExitDisc(uint Value) : PolicyAction;

    /// <summary>Adds to the MED, up to the highest number; a missing one is 0.</summary>
    public sealed record AddMultiExitDisc(uint Value) : PolicyAction;

    /// <summary>Takes from the MED, down to 0.</summary>
    public sealed record SubtractMultiExitDisc(uint Value) : PolicyAction;

    /// <summary>Prepends an AS so many times; without a number, the session's local AS.</summary>
    public sealed record PrependAs(AsNumber? AsNumber, int Count) : PolicyAction;

    /// <summary>Makes these the route's only communities of one kind; with none given, the route has none of it.</summary>
    public sealed record SetCommunities(CommunityKinds Kind, EquatableArray<Community> Communities) : PolicyAction;

    public sealed record AddCommunities(EquatableArray<Community> Communities) : PolicyAction;

    public sealed record RemoveCommunities(EquatableArray<CommunityPattern> Patterns) : PolicyAction;

    public sealed record SetNextHop(IpAddress Address) : PolicyAction;

    /// <summary>The local address of the session, or this node's of IPv6 for such routes. The label stays, so for VPN routes this node's address must lead to where the label is known.</summary>
    public sealed record SetNextHopSelf : PolicyAction;

    /// <summary>On export: the next hop as it is, whatever the peer's own rule says.</summary>
    public sealed record KeepNextHop : PolicyAction;

    public sealed record SetOrigin(Origin Origin) : PolicyAction;
}
