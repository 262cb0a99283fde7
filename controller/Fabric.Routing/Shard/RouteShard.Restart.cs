using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>Graceful restart by mark and sweep (RFC 4724 section 4.2, RFC 9494) and the removal of a peer's routes. Each is a pass over the paths of that peer.</summary>
internal sealed partial class RouteShard
{
    /// <summary>Marks what the peer advertised in the families and removes the rest.</summary>
    public void MarkStale(Peer peer, ReadOnlySpan<AddressFamily> families)
    {
        foreach (var path in peer.Paths)
        {
            if (families.Contains(FamilyOf(path)))
            {
                MarkStale(path);
            }
            else
            {
                RemovePath(path);
            }
        }
    }

    /// <summary>Marks what the peer advertised in the family and nothing else.</summary>
    public void MarkStale(Peer peer, AddressFamily family)
    {
        foreach (var path in peer.Paths)
        {
            if (FamilyOf(path) == family)
            {
                MarkStale(path);
            }
        }
    }

    private void MarkStale(int path)
    {
        Age(path, isStale: true);
        Paths[path].Flags |= PathFlags.Stale;
        NoteStaleness(path);
    }

    /// <summary>Makes stale paths of the family long-lived stale: they lose to any other. Those with NO_LLGR go.</summary>
    public void MarkLongLivedStale(Peer peer, AddressFamily family)
    {
        foreach (var path in peer.Paths)
        {
            if (!Paths[path].Is(PathFlags.Stale) || FamilyOf(path) != family)
            {
                continue;
            }

            ref var stale = ref Paths[path];
            if (Attributes[stale.Attributes].Communities.AsSpan().Contains(WellKnownCommunity.NoLongLivedGracefulRestart))
            {
                RemovePath(path);
                continue;
            }

            AddReferences(_tables[stale.Table]!, stale.Attributes, stale.Label);
            Replace(path, stale.Attributes, stale.Label, stale.Infeasible, PathFlags.Stale | PathFlags.LongLivedStale);
            if (stale.Is(PathFlags.Primary))
            {
                Export(path, _tables[stale.Table]!.Vrf!, ExportedRd(path));
            }
        }
    }

    public void SweepStale(Peer peer, AddressFamily family)
    {
        foreach (var path in peer.Paths)
        {
            if (Paths[path].Is(PathFlags.Stale) && FamilyOf(path) == family)
            {
                RemovePath(path);
            }
        }
    }

    public void RemoveAll(Peer peer)
    {
        foreach (var path in peer.Paths)
        {
            RemovePath(path);
        }
    }

    public void RemoveAll(Peer agent, Vrf vrf)
    {
        foreach (var path in agent.Paths)
        {
            if (Paths[path].Table == vrf.TableId)
            {
                RemovePath(path);
            }
        }
    }

    /// <summary>The table that the path is in.</summary>
    public RouteTable TableOf(int path) => _tables[Paths[path].Table]!;

    public AddressFamily FamilyOf(int path)
    {
        var table = TableOf(path);
        return RouteFamilies.Of(table.Kind, table[Paths[path].Route].Kind);
    }
}
