using Fabric.Controller.Bgp;
using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Wire.Bmp;

namespace Fabric.Controller.Monitoring;

/// <summary>The figures of a statistics report, counted once for all stations.</summary>
internal sealed class BmpCounts(RoutingCore core)
{
    private readonly IReadOnlyDictionary<(PeerId Peer, AddressFamily Family), int> _sent = core.CountAdvertised();
    private readonly IReadOnlyDictionary<AddressFamily, int> _best = core.CountBest();

    public BmpStatistic[] Of(BgpNeighbor neighbor)
    {
        if (neighbor.Id is not { } id)
        {
            return [];
        }

        var received = RoutingCore
            .Families.Select(family => (Family: family, Counts: core.CountsOf(id, family)))
            .Where(entry => entry.Counts.Received > 0)
            .ToList();
        var sent = _sent.Where(entry => entry.Key.Peer == id).ToList();
        return
        [
            BmpStatistic.Rejected((uint)received.Sum(entry => entry.Counts.Received - entry.Counts.Accepted)),
            BmpStatistic.AdjRibIn((ulong)received.Sum(entry => entry.Counts.Received)),
            .. received.Select(entry => BmpStatistic.AdjRibIn(entry.Family, (ulong)entry.Counts.Received)),
            BmpStatistic.AdjRibOut((ulong)sent.Sum(entry => entry.Value)),
            .. sent.Select(entry => BmpStatistic.AdjRibOut(entry.Key.Family, (ulong)entry.Value)),
        ];
    }

    public BmpStatistic[] OfLocRib() =>
        [BmpStatistic.LocRib((ulong)_best.Values.Sum()), .. _best.Select(entry => BmpStatistic.LocRib(entry.Key, (ulong)entry.Value))];
}
