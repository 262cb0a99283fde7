using Fabric.Wire.Bgp;

namespace Fabric.Routing;

/// <summary>Routes by the block, as UPDATEs bring them.</summary>
public sealed partial class RoutingCore
{
    // So many are on their way from memory at a time: enough that none is waited for, and what was read of them stays in the cache.
    private const int RoutesAhead = 64;

    private readonly BlockRoute[] _ahead = new BlockRoute[RoutesAhead];

    private struct BlockRoute
    {
        public RouteKey Key;
        public uint Hash;
        public uint Label;
        public uint PathId;
    }

    /// <summary>Takes the VPN routes that a BGP peer has advertised or withdrawn.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="block">Of VPNv4 or VPNv6.</param>
    public void ApplyVpn(PeerId peer, in NlriBlock block)
    {
        var (source, table) = (Get(peer), _shard.Vpn);
        var routes = block.VpnRoutes;
        for (var count = ReadAhead(table, ref routes); count > 0; count = ReadAhead(table, ref routes))
        {
            var ahead = _ahead.AsSpan(0, count);
            if (block.Received is { } received)
            {
                var offered = new OfferedAttributes(received);
                foreach (ref readonly var route in ahead)
                {
                    _shard.Advertise(table, route.Key, route.Hash, source, offered, route.Label, route.PathId);
                }
            }
            else
            {
                foreach (ref readonly var route in ahead)
                {
                    _shard.Withdraw(table, route.Key, route.Hash, source, route.PathId);
                }
            }
        }
    }

    private int ReadAhead(RouteTable table, ref NlriReader<VpnNlri> routes)
    {
        var count = 0;
        while (count < RoutesAhead && routes.MoveNext())
        {
            ref var route = ref _ahead[count++];
            route.Key = RouteKey.Vpn(routes.Current.Rd, routes.Current.Prefix);
            route.Hash = RouteTable.HashOf(route.Key);
            route.Label = routes.Current.Label.Value;
            route.PathId = routes.PathId;
            table.Expect(route.Hash);
        }

        return count;
    }
}
