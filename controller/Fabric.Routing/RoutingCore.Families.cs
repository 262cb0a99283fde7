using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing;

/// <summary>
/// Routes of BGP peers of all families but VPN and membership. Routes of one UPDATE should share the instance of their attributes. A path identifier
/// (RFC 7911) tells several paths of a peer for one route apart; it is 0 in sessions without.
/// </summary>
public sealed partial class RoutingCore
{
    /// <summary>An IPv4 or IPv6 unicast route (RFC 4271, RFC 2545), new or changed.</summary>
    public void Advertise(PeerId peer, IpPrefix prefix, OfferedAttributes attributes, uint pathId = 0) =>
        _shard.Advertise(_shard.Unicast, RouteKey.Of(prefix), Get(peer), attributes, 0, pathId);

    public void Withdraw(PeerId peer, IpPrefix prefix, uint pathId = 0) =>
        _shard.Withdraw(_shard.Unicast, RouteKey.Of(prefix), Get(peer), pathId);

    /// <summary>A labelled unicast route (RFC 8277), new or changed.</summary>
    public void AdvertiseLabelled(PeerId peer, IpPrefix prefix, OfferedAttributes attributes, MplsLabel label, uint pathId = 0) =>
        _shard.Advertise(_shard.Labelled, RouteKey.Of(prefix), Get(peer), attributes, label.Value, pathId);

    public void WithdrawLabelled(PeerId peer, IpPrefix prefix, uint pathId = 0) =>
        _shard.Withdraw(_shard.Labelled, RouteKey.Of(prefix), Get(peer), pathId);

    /// <summary>
    /// An EVPN route of types 1 to 5 (RFC 7432 section 7, RFC 9136), new or changed; another type is for nobody here (RFC 7606 section 5.4). A prefix
    /// by which nobody could send is treated as withdrawn.
    /// </summary>
    public void Advertise(PeerId peer, in EvpnNlri route, OfferedAttributes attributes, uint pathId = 0)
    {
        if (route.RouteType == EvpnRouteType.IpPrefixRoute && !LeadsToOnePlace(route.Data, attributes))
        {
            Withdraw(peer, route.Key, pathId);
        }
        else if (route.Key.IsRecognized)
        {
            _shard.Advertise(Get(peer), route, attributes, pathId);
        }
    }

    // RFC 9136 sections 3.1 and 3.2: a gateway or a segment, not both; with neither, nor the MAC address of a router, a label.
    private static bool LeadsToOnePlace(in EvpnData data, in OfferedAttributes attributes) =>
        data.Gateway.IsNone
            ? data.LabelField != 0 || !data.Segment.IsSingleHomed || attributes.Value.ExtendedCommunities.Any(c => c.IsRouterMac)
            : data.Segment.IsSingleHomed;

    public void Withdraw(PeerId peer, in EvpnKey key, uint pathId = 0)
    {
        if (key.IsRecognized)
        {
            _shard.Withdraw(Get(peer), key, pathId);
        }
    }

    /// <summary>The routes of BGP peers in a family, of any family that the RIB has a table for.</summary>
    public IEnumerable<RouteView> Routes(AddressFamily family)
    {
        var table = _shard.TableOf(RouteFamilies.TableOf(family));
        return RoutesOf(table, route => RouteFamilies.Of(table.Kind, table[route].Kind) == family);
    }

    public RouteView? FindRoute(in EvpnKey key) => _shard.EvpnRoutes.TryFind(key, out var found) ? RouteOf(_shard.Evpn, found) : null;

    /// <summary>The family's route with the key: <see cref="RouteKey.Of(IpPrefix)"/>, <see cref="RouteKey.Vpn"/> and so on.</summary>
    public RouteView? FindRoute(AddressFamily family, in RouteKey key) => RouteOf(_shard.TableOf(RouteFamilies.TableOf(family)), key);
}
