namespace Fabric.Datapath;

/// <summary>Reverse path check: a packet may only come from where an answer to it would go.</summary>
internal sealed class ReversePath(DatapathTables tables, ReversePathCheck check)
{
    /// <param name="vrf">VRF of the interface that the packet is for.</param>
    /// <param name="source">Source address of the packet.</param>
    /// <param name="sender">The local interface that sent it, or null.</param>
    /// <param name="outerSource">The host that sent it, when no local interface did.</param>
    public DropReason Check(Vrf vrf, uint source, Vif? sender, uint outerSource)
    {
        var route = vrf.Lookup(source);
        if (route is null)
        {
            return DropReason.NoSourceRoute;
        }

        return check == ReversePathCheck.Loose || LeadsBack(route.NextHop, sender, outerSource)
            ? DropReason.None
            : DropReason.InvalidSource;
    }

    private bool LeadsBack(uint id, Vif? sender, uint outerSource)
    {
        if (tables.NextHop(id) is not { } nextHop)
        {
            return false;
        }

        foreach (var member in nextHop.Members)
        {
            if (tables.NextHop(member.NextHop) is { } leaf && IsBack(leaf, sender, outerSource))
            {
                return true;
            }
        }

        return IsBack(nextHop, sender, outerSource);
    }

    private static bool IsBack(NextHop leaf, Vif? sender, uint outerSource) =>
        sender is null
            ? leaf.Kind == NextHopKind.Tunnel && leaf.TunnelDestination == outerSource
            : leaf.Kind == NextHopKind.Interface && leaf.Vif == sender.Id;
}
