using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>Routes of BGP peers that belong to no VPN. Routes of one UPDATE should share the instance of their attributes.</summary>
public sealed partial class RoutingCore
{
    /// <summary>An IPv4 or IPv6 unicast route (RFC 4271, RFC 2545), new or changed.</summary>
    public void Advertise(PeerId peer, IpPrefix prefix, OfferedAttributes attributes) =>
        _shard.Advertise(_shard.Unicast, RouteKey.Of(prefix), Get(peer), attributes, 0);

    public void Withdraw(PeerId peer, IpPrefix prefix) => _shard.Withdraw(_shard.Unicast, RouteKey.Of(prefix), Get(peer));

    /// <summary>A labelled unicast route (RFC 8277), new or changed.</summary>
    public void AdvertiseLabelled(PeerId peer, IpPrefix prefix, OfferedAttributes attributes, MplsLabel label) =>
        _shard.Advertise(_shard.Labelled, RouteKey.Of(prefix), Get(peer), attributes, label.Value);

    public void WithdrawLabelled(PeerId peer, IpPrefix prefix) => _shard.Withdraw(_shard.Labelled, RouteKey.Of(prefix), Get(peer));

    /// <summary>The routes of BGP peers in a family, of any family that the RIB has a table for.</summary>
    public IEnumerable<RouteView> Routes(AddressFamily family)
    {
        var table = _shard.TableOf(RouteFamilies.TableOf(family));
        return RoutesOf(table, route => RouteFamilies.Of(table.Kind, table[route].Kind) == family);
    }

    /// <summary>The family's route with the key: <see cref="RouteKey.Of(IpPrefix)"/>, <see cref="RouteKey.Vpn"/> and so on.</summary>
    public RouteView? FindRoute(AddressFamily family, in RouteKey key) => RouteOf(_shard.TableOf(RouteFamilies.TableOf(family)), key);
}
