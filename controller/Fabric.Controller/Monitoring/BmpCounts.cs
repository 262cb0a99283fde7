using Fabric.Controller.Bgp;
using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Wire.Bmp;

namespace Fabric.Controller.Monitoring;

/// <summary>The figures of a statistics report, counted once for all stations.</summary>
internal sealed class BmpCounts(RoutingCore core)
{
    private readonly IReadOnlyDictionary<(PeerId Peer, AddressFamily Family), ReceivedCount> _received = core.CountReceived();
    private readonly IReadOnlyDictionary<(PeerId Peer, AddressFamily Family), int> _sent = core.CountAdvertised();
    private readonly RoutingCounters _counters = core.Counters;

    public BmpStatistic[] Of(BgpNeighbor neighbor)
    {
        if (neighbor.Id is not { } id)
        {
            return [];
        }

        var received = _received.Where(entry => entry.Key.Peer == id).ToList();
        var sent = _sent.Where(entry => entry.Key.Peer == id).ToList();
        return
        [
            BmpStatistic.Rejected((uint)received.Sum(entry => entry.Value.Rejected)),
            BmpStatistic.AdjRibIn((ulong)received.Sum(entry => entry.Value.Routes)),
            .. received.Select(entry => BmpStatistic.AdjRibIn(entry.Key.Family, (ulong)entry.Value.Routes)),
            BmpStatistic.AdjRibOut((ulong)sent.Sum(entry => entry.Value)),
            .. sent.Select(entry => BmpStatistic.AdjRibOut(entry.Key.Family, (ulong)entry.Value)),
        ];
    }

    public BmpStatistic[] OfLocRib() => [BmpStatistic.LocRib((ulong)(_counters.VpnRoutes + _counters.Memberships))];
}
