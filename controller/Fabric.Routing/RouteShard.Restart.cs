using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>Graceful restart by mark and sweep (RFC 4724 section 4.2, RFC 9494) and the removal of a peer's routes. Each is a pass over all paths.</summary>
internal sealed partial class RouteShard
{
    /// <summary>Marks what the peer advertised in the families and removes the rest.</summary>
    public void MarkStale(Peer peer, ReadOnlySpan<AddressFamily> families)
    {
        for (var path = 0; path < Paths.Extent; path++)
        {
            if (!IsOwn(path, peer))
            {
                continue;
            }

            if (families.Contains(FamilyOf(path)))
            {
                Paths[path].Flags |= PathFlags.Stale;
            }
            else
            {
                RemovePath(path);
            }
        }
    }

    /// <summary>Makes stale paths of the family long-lived stale: they lose to any other. Those with NO_LLGR go.</summary>
    public void MarkLongLivedStale(Peer peer, AddressFamily family)
    {
        for (var path = 0; path < Paths.Extent; path++)
        {
            if (!IsOwn(path, peer) || !Paths[path].Is(PathFlags.Stale) || FamilyOf(path) != family)
            {
                continue;
            }

            ref var stale = ref Paths[path];
            if (Attributes[stale.Attributes].Communities.AsSpan().Contains(WellKnownCommunity.NoLongLivedGracefulRestart))
            {
                RemovePath(path);
                continue;
            }

            Attributes.AddReference(stale.Attributes);
            Replace(path, stale.Attributes, stale.Label, stale.Infeasible, PathFlags.Stale | PathFlags.LongLivedStale);
            if (stale.Is(PathFlags.Primary))
            {
                Export(path, _tables[stale.Table]!.Vrf!, ExportedRd(path));
            }
        }
    }

    public void SweepStale(Peer peer, AddressFamily family)
    {
        for (var path = 0; path < Paths.Extent; path++)
        {
            if (IsOwn(path, peer) && Paths[path].Is(PathFlags.Stale) && FamilyOf(path) == family)
            {
                RemovePath(path);
            }
        }
    }

    public void RemoveAll(Peer peer, AddressFamily family)
    {
        for (var path = 0; path < Paths.Extent; path++)
        {
            if (IsOwn(path, peer) && FamilyOf(path) == family)
            {
                RemovePath(path);
            }
        }
    }

    public void RemoveAll(Peer peer)
    {
        for (var path = 0; path < Paths.Extent; path++)
        {
            if (IsOwn(path, peer))
            {
                RemovePath(path);
            }
        }
    }

    public void RemoveAll(Peer agent, Vrf vrf)
    {
        var table = TableOf(vrf);
        for (var route = 0; route < table.Extent; route++)
        {
            var path = table.IsLive(route) ? FindOf(table, route, agent) : Path.None;
            if (path != Path.None)
            {
                RemovePath(path);
            }
        }
    }

    /// <summary>Copies and imports go with the path they came from.</summary>
    private bool IsOwn(int path, Peer peer)
    {
        ref var owned = ref Paths[path];
        return owned.Is(PathFlags.Live) && owned.Source == peer.Id.Value && !owned.Is(PathFlags.Imported | PathFlags.Exported);
    }

    public AddressFamily FamilyOf(int path)
    {
        var table = _tables[Paths[path].Table]!;
        var isIpv4 = table[Paths[path].Route].Kind == RouteKind.Ipv4;
        return table.Kind switch
        {
            RouteTableKind.Vpn => isIpv4 ? AddressFamily.Vpnv4 : AddressFamily.Vpnv6,
            RouteTableKind.Vrf => isIpv4 ? AddressFamily.Ipv4Unicast : AddressFamily.Ipv6Unicast,
            _ => AddressFamily.RouteTargetMembership,
        };
    }
}
