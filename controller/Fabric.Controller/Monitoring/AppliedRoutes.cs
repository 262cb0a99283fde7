using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Monitoring;

/// <summary>Reads of the routes of UPDATEs what has become of them behind the import rules.</summary>
internal static class AppliedRoutes
{
    /// <summary>Adds them to the batch; nothing for a family that the RIB has no table for.</summary>
    public static void Read(RoutingCore core, PeerId peer, in NlriBlock block, UpdateBatch batch)
    {
        if (block.Family == AddressFamily.Ipv4Unicast || block.Family == AddressFamily.Ipv6Unicast)
        {
            ReadUnicast(core, peer, block, batch);
        }
        else if (block.Family == AddressFamily.LabelledIpv4 || block.Family == AddressFamily.LabelledIpv6)
        {
            ReadLabelled(core, peer, block, batch);
        }
        else if (block.Family == AddressFamily.Vpnv4 || block.Family == AddressFamily.Vpnv6)
        {
            ReadVpn(core, peer, block, batch);
        }
        else if (block.Family == AddressFamily.L2VpnEvpn)
        {
            ReadEvpn(core, peer, block, batch);
        }
        else if (block.Family == AddressFamily.RouteTargetMembership)
        {
            ReadMemberships(core, peer, block, batch);
        }
    }

    private static void ReadUnicast(RoutingCore core, PeerId peer, in NlriBlock block, UpdateBatch batch)
    {
        var routes = block.Prefixes;
        while (routes.MoveNext())
        {
            core.AppendReceived(peer, block.Family, RouteKey.Of(routes.Current.Prefix), routes.PathId, batch);
        }
    }

    private static void ReadLabelled(RoutingCore core, PeerId peer, in NlriBlock block, UpdateBatch batch)
    {
        var routes = block.LabelledRoutes;
        while (routes.MoveNext())
        {
            core.AppendReceived(peer, block.Family, RouteKey.Of(routes.Current.Prefix), routes.PathId, batch);
        }
    }

    private static void ReadVpn(RoutingCore core, PeerId peer, in NlriBlock block, UpdateBatch batch)
    {
        var routes = block.VpnRoutes;
        while (routes.MoveNext())
        {
            var route = routes.Current;
            core.AppendReceived(peer, block.Family, RouteKey.Vpn(route.Rd, route.Prefix), routes.PathId, batch);
        }
    }

    private static void ReadEvpn(RoutingCore core, PeerId peer, in NlriBlock block, UpdateBatch batch)
    {
        var routes = block.EvpnRoutes;
        while (routes.MoveNext())
        {
            core.AppendReceived(peer, routes.Current.Key, routes.PathId, batch);
        }
    }

    private static void ReadMemberships(RoutingCore core, PeerId peer, in NlriBlock block, UpdateBatch batch)
    {
        foreach (var route in block.Memberships)
        {
            var membership = new RouteTargetMembership(route.OriginAs, route.Target, route.Length);
            core.AppendReceived(peer, block.Family, RouteKey.Of(membership), 0, batch);
        }
    }
}
