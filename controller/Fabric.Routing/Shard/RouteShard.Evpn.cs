using Fabric.Primitives;
using Fabric.Routing.Policies;
using Fabric.Wire.Bgp;

namespace Fabric.Routing;

/// <summary>EVPN routes: a key may have a number in it, and a path's label may be the number of what it says.</summary>
internal sealed partial class RouteShard
{
    public EvpnRoutes EvpnRoutes { get; } = new();

    /// <summary>A BGP peer's route of types 1 to 5.</summary>
    public void Advertise(Peer source, in EvpnNlri route, in OfferedAttributes attributes, uint pathId = 0)
    {
        var key = EvpnRoutes.Intern(route.Key);
        Advertise(Evpn, key, source, attributes, EvpnRoutes.Intern(route.Data), pathId);
        EvpnRoutes.Release(key);
    }

    /// <summary>False if the source has no such route.</summary>
    public bool Withdraw(Peer source, in EvpnKey key, uint pathId = 0) =>
        EvpnRoutes.TryFind(key, out var found) && Withdraw(Evpn, found, source, pathId);

    public PolicyRoute PolicyRouteOf(RouteTable table, in RouteKey key) =>
        key.IsEvpn ? EvpnRoutes.PolicyRouteOf(key) : PolicyRoute.Of(table.Kind, key);

    /// <summary>None before the VRF has imported an EVPN route.</summary>
    public RouteTable? EvpnTableOf(Vrf vrf) => vrf.EvpnTableId == Vrf.None ? null : _tables[vrf.EvpnTableId];

    /// <summary>
    /// Who stands for the place of a MAC address that the path is about: of the PEs of the segment that know of the same move, the one with the lowest
    /// address (RFC 7432 section 15). Paths of one segment are compared further, so that a pairwise comparison of next hops would be no order. None where the
    /// route is of no MAC address.
    /// </summary>
    public IpAddress HolderOf(int path)
    {
        var table = TableOf(path);
        return table.HasEvpnRoutes && table[Paths[path].Route].Kind.EvpnType() == EvpnRouteType.MacIpAdvertisement
            ? HolderOf(path, table[Paths[path].Route])
            : default;
    }

    private IpAddress HolderOf(int path, in Route route)
    {
        var (segment, holder) = (EvpnRoutes.DataOf(Paths[path].Label).Segment, NextHopOf(path));
        if (segment.IsSingleHomed)
        {
            return holder;
        }

        var candidate = CandidateOf(path, holder: default);
        for (var other = route.FirstPath; other != Path.None; other = Paths[other].Next)
        {
            if (
                EvpnRoutes.DataOf(Paths[other].Label).Segment == segment
                && NextHopOf(other).CompareTo(holder) < 0
                && BestPath.CompareMoves(candidate, CandidateOf(other, holder: default), out _) == 0
            )
            {
                holder = NextHopOf(other);
            }
        }

        return holder;
    }

    private IpAddress NextHopOf(int path) => Attributes[Paths[path].Attributes].NextHop;

    private RouteTable AddEvpnTable(Vrf vrf)
    {
        vrf.EvpnTableId = FreeTableId();
        return _tables[vrf.EvpnTableId] = new RouteTable(RouteTableKind.VrfEvpn, vrf.EvpnTableId, vrf, EvpnRoutes);
    }

    /// <summary>A VPN route goes into the VRF's table of prefixes, an EVPN route into that of its kind, and a prefix in it into both.</summary>
    private void CollectTables(in Path source, Vrf vrf)
    {
        if (!_tables[source.Table]!.HasEvpnRoutes)
        {
            Collect(TableOf(vrf));
            return;
        }

        Collect(EvpnTableOf(vrf) ?? AddEvpnTable(vrf));
        if (IsForwardedAsPrefix(source))
        {
            Collect(TableOf(vrf));
        }
    }

    private void Collect(RouteTable table)
    {
        if (table.ImportPass != _pass)
        {
            table.ImportPass = _pass;
            _importers.Add(table);
        }
    }

    /// <summary>
    /// A prefix that needs no other route to be resolved (RFC 9136 section 4.4.1, without gateway, segment or tag) and no inner MAC address:
    /// to hosts it is like a VPN route. With VXLAN it would take the router's MAC address (section 4.4.2).
    /// </summary>
    private bool IsForwardedAsPrefix(in Path source)
    {
        const TunnelEncapsulations Mpls = TunnelEncapsulations.MplsOverGre | TunnelEncapsulations.MplsOverUdp;
        var key = RouteKey.Of(Evpn[source.Route]);
        if (key.Kind.EvpnType() != EvpnRouteType.IpPrefixRoute || EvpnRoutes.EthernetTagOf(key) != 0)
        {
            return false;
        }

        var data = EvpnRoutes.DataOf(source.Label);
        var attributes = Attributes[source.Attributes];
        return data.Gateway.IsNone
            && data.Segment.IsSingleHomed
            && ((attributes.Encapsulations & Mpls) != TunnelEncapsulations.None || !attributes.HasTunnels);
    }

    private RouteKey ImportedKey(in Path source, RouteTable destination)
    {
        var table = _tables[source.Table]!;
        var key = RouteKey.Of(table[source.Route]);
        return destination.HasEvpnRoutes ? key.InVrf()
            : table.HasEvpnRoutes ? RouteKey.Vrf(EvpnRoutes.PrefixOf(key))
            : RouteKey.Vrf(key.Prefix);
    }

    /// <summary>A reference to the label in the VRF. Of the three octets of an EVPN label, MPLS takes the upper 20 bits (RFC 7432 section 7.5).</summary>
    private uint ImportedLabel(in Path source, RouteTable destination)
    {
        if (destination.HasEvpnRoutes)
        {
            EvpnRoutes.AddReference(source.Label);
            return source.Label;
        }

        return _tables[source.Table]!.HasEvpnRoutes ? EvpnRoutes.DataOf(source.Label).LabelField >> 4 : source.Label;
    }

    /// <summary>A path refers to its attribute set and, in a table of EVPN routes, to what its label stands for.</summary>
    private void AddReferences(RouteTable table, int set, uint label)
    {
        Attributes.AddReference(set);
        if (table.HasEvpnRoutes)
        {
            EvpnRoutes.AddReference(label);
        }
    }

    private void ReleaseReferences(RouteTable table, int set, uint label)
    {
        Attributes.Release(set);
        if (table.HasEvpnRoutes)
        {
            EvpnRoutes.Release(label);
        }
    }
}
