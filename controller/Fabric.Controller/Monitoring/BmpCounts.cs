using Fabric.Controller.Bgp;
using Fabric.Routing;
using Fabric.Wire.Bmp;

namespace Fabric.Controller.Monitoring;

/// <summary>The figures of a statistics report (RFC 7854 section 4.8), all of them counted by the RIB as routes come and go.</summary>
internal static class BmpCounts
{
    public static BmpStatistic[] Of(BgpNeighbor neighbor, RoutingCore core)
    {
        if (neighbor.Id is not { } id)
        {
            return [];
        }

        var received = RoutingCore
            .Families.Select(family => (Family: family, Counts: core.CountsOf(id, family)))
            .Where(entry => entry.Counts.Received > 0)
            .ToList();
        var sent = RoutingCore
            .Families.Select(family => (Family: family, Count: core.CountAdvertised(id, family)))
            .Where(entry => entry.Count > 0)
            .ToList();
        return
        [
            BmpStatistic.Rejected((uint)received.Sum(entry => entry.Counts.Received - entry.Counts.Accepted)),
            BmpStatistic.AdjRibIn((ulong)received.Sum(entry => entry.Counts.Received)),
            .. received.Select(entry => BmpStatistic.AdjRibIn(entry.Family, (ulong)entry.Counts.Received)),
            BmpStatistic.AdjRibOut((ulong)sent.Sum(entry => entry.Count)),
            .. sent.Select(entry => BmpStatistic.AdjRibOut(entry.Family, (ulong)entry.Count)),
        ];
    }

    public static BmpStatistic[] OfLocRib(RoutingCore core)
    {
        var best = RoutingCore
            .Families.Select(family => (Family: family, Count: core.CountBest(family)))
            .Where(entry => entry.Count > 0)
            .ToList();
        return
        [
            BmpStatistic.LocRib((ulong)best.Sum(entry => entry.Count)),
            .. best.Select(entry => BmpStatistic.LocRib(entry.Family, (ulong)entry.Count)),
        ];
    }
}
