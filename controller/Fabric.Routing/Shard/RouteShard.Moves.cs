using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>Where an agent has an address now that belongs to it, what is only kept of another holds no longer.</summary>
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

    /// <summary>Removes what is kept of the agent, of addresses that belong to others which have them now.</summary>
    public void EndMoved(Peer agent, Func<PeerId, string, IpPrefix, bool> belongsTo)
    {
        foreach (var path in agent.Paths)
        {
            if (Paths[path].Is(PathFlags.Primary) && Paths[path].Is(PathFlags.Stale) && IsElsewhere(path, belongsTo))
            {
                RemovePath(path);
            }
        }
    }

    private bool IsElsewhere(int path, Func<PeerId, string, IpPrefix, bool> belongsTo)
    {
        var table = _tables[Paths[path].Table]!;
        ref var route = ref table[Paths[path].Route];
        var address = RouteKey.Of(route).Prefix;
        if (!address.IsHost)
        {
            return false;
        }

        var other = route.FirstPath;
        while (other != Path.None && !IsOthers(other))
        {
            other = Paths[other].Next;
        }

        return other != Path.None;

        bool IsOthers(int candidate) =>
            Paths[candidate].Is(PathFlags.Primary)
            && IsVouchedFor(candidate)
            && belongsTo(_peers[Paths[candidate].Source]!.Id, table.Vrf!.Name, address);
    }

    private bool IsVouchedFor(int path) => !Paths[path].Is(PathFlags.Stale) && Paths[path].Infeasible == RejectReason.None;
}
