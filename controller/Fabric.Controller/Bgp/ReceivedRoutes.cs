using Fabric.Routing;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Bgp;

/// <summary>Brings the routes of UPDATEs into the routing core, but for memberships, which the neighbour waits for.</summary>
internal static class ReceivedRoutes
{
    public static void Apply(RoutingCore core, PeerId peer, in NlriBlock block)
    {
        switch (block.Family.Safi)
        {
            case Safi.Unicast:
                ApplyUnicast(core, peer, block);
                break;
            case Safi.Labelled:
                ApplyLabelled(core, peer, block);
                break;
            case Safi.Vpn:
                core.ApplyVpn(peer, block);
                break;
            case Safi.Evpn:
                ApplyEvpn(core, peer, block);
                break;
        }
    }

    private static void ApplyUnicast(RoutingCore core, PeerId peer, in NlriBlock block)
    {
        var routes = block.Prefixes;
        while (routes.MoveNext())
        {
            var (route, pathId) = (routes.Current, routes.PathId);
            if (block.Received is { } attributes)
            {
                core.Advertise(peer, route.Prefix, attributes, pathId);
            }
            else
            {
                core.Withdraw(peer, route.Prefix, pathId);
            }
        }
    }

    private static void ApplyLabelled(RoutingCore core, PeerId peer, in NlriBlock block)
    {
        var routes = block.LabelledRoutes;
        while (routes.MoveNext())
        {
            var (route, pathId) = (routes.Current, routes.PathId);
            if (block.Received is { } attributes)
            {
                core.AdvertiseLabelled(peer, route.Prefix, attributes, route.Label, pathId);
            }
            else
            {
                core.WithdrawLabelled(peer, route.Prefix, pathId);
            }
        }
    }

    private static void ApplyEvpn(RoutingCore core, PeerId peer, in NlriBlock block)
    {
        var routes = block.EvpnRoutes;
        while (routes.MoveNext())
        {
            var (route, pathId) = (routes.Current, routes.PathId);
            if (block.Received is { } attributes)
            {
                core.Advertise(peer, route, attributes, pathId);
            }
            else
            {
                core.Withdraw(peer, route.Key, pathId);
            }
        }
    }

    /// <summary>Subsequent address family identifiers (RFC 4760, RFC 8277, RFC 7432, RFC 4364).</summary>
    private static class Safi
    {
        public const byte Unicast = 1;
        public const byte Labelled = 4;
        public const byte Evpn = 70;
        public const byte Vpn = 128;
    }
}
