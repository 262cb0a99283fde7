using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>An address is at one agent of a VRF: where one has it now, what is only kept of another holds no longer.</summary>
internal sealed partial class RouteShard
{
    /// <summary>Removes what other agents said of the address and nobody vouches for, if the agent has it now.</summary>
    public void EndElsewhere(Vrf vrf, IpPrefix address, Peer agent)
    {
        var now = FindPrimary(vrf, address, agent);
        if (!address.IsHost || now == Path.None || !IsVouchedFor(now))
        {
            return;
        }

        var table = TableOf(vrf);
        var route = Paths[now].Route;
        for (var path = table[route].FirstPath; path != Path.None; )
        {
            var isOver = Paths[path].Is(PathFlags.Primary) && Paths[path].Is(PathFlags.Stale);
            if (isOver)
            {
                RemovePath(path);
            }

            // What is left may stand in another order.
            path = isOver ? table[route].FirstPath : Paths[path].Next;
        }
    }

    /// <summary>Removes what is kept of the agent, of addresses that others have now.</summary>
    public void EndMoved(Peer agent)
    {
        foreach (var path in agent.Paths)
        {
            if (Paths[path].Is(PathFlags.Primary) && Paths[path].Is(PathFlags.Stale) && IsElsewhere(path))
            {
                RemovePath(path);
            }
        }
    }

    private bool IsElsewhere(int path)
    {
        ref var route = ref _tables[Paths[path].Table]![Paths[path].Route];
        if (!RouteKey.Of(route).Prefix.IsHost)
        {
            return false;
        }

        var other = route.FirstPath;
        while (other != Path.None && !(Paths[other].Is(PathFlags.Primary) && IsVouchedFor(other)))
        {
            other = Paths[other].Next;
        }

        return other != Path.None;
    }

    private bool IsVouchedFor(int path) => !Paths[path].Is(PathFlags.Stale) && Paths[path].Infeasible == RejectReason.None;
}
