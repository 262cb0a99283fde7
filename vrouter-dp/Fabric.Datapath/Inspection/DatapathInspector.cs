using Fabric.Datapath.Shared;
using Fabric.Primitives;

namespace Fabric.Datapath.Inspection;

/// <summary>What operators ask of a data plane. Call it on the pipeline's loop; every answer is a copy.</summary>
public sealed class DatapathInspector(Pipeline pipeline)
{
    private static readonly Comparer<IpPrefix> s_lastFirst = Comparer<IpPrefix>.Create(static (a, b) => b.CompareTo(a));

    private readonly DatapathTables tables = pipeline.Tables;
    private readonly FlowTable flows = pipeline.Flows;

    /// <param name="nowMilliseconds">The time, for their ages.</param>
    /// <param name="limit">So many at most: the pipeline waits meanwhile, and there may be millions.</param>
    public IReadOnlyList<FlowRecord> Flows(long nowMilliseconds, int limit = int.MaxValue)
    {
        var records = new List<FlowRecord>(Math.Min(flows.Count, limit));
        for (var i = 0; i < flows.Capacity && records.Count < limit; i++)
        {
            var flow = flows[i];
            if (flow.InUse)
            {
                records.Add(Record(i, flow, nowMilliseconds));
            }
        }

        return records;
    }

    public IReadOnlyList<VifRecord> Vifs() => [.. tables.Vifs.Select(Record)];

    public IReadOnlyList<VrfRecord> Vrfs() => [.. tables.Vrfs.Select(v => new VrfRecord(v.Id, v.Name, v.RouteCount))];

    /// <summary>The first routes of a VRF in order of their prefixes; empty when there is no such VRF.</summary>
    /// <param name="limit">So many at most, and no more of them are in memory: the pipeline waits meanwhile, and there may be a hundred thousand.</param>
    public IReadOnlyList<RouteRecord> Routes(uint vrf, int limit = int.MaxValue)
    {
        var chosen = new PriorityQueue<Route, IpPrefix>(s_lastFirst);
        foreach (var route in limit > 0 && tables.Vrf(vrf) is { } found ? found.Routes : [])
        {
            if (chosen.Count < limit)
            {
                chosen.Enqueue(route, PrefixOf(route));
            }
            else
            {
                chosen.EnqueueDequeue(route, PrefixOf(route));
            }
        }

        return [.. chosen.UnorderedItems.OrderBy(one => one.Priority).Select(one => Record(one.Element))];
    }

    public IReadOnlyList<NextHopRecord> NextHops() => [.. tables.NextHops.Select(Record)];

    public IReadOnlyList<LabelRecord> Labels() => [.. tables.Labels.Select(l => new LabelRecord(l.Value, l.NextHop))];

    /// <summary>Counters that are not zero: the totals first, then those of each virtual interface.</summary>
    public IReadOnlyList<DropCountRecord> Drops()
    {
        var records = new List<DropCountRecord>();
        AddCounts(records, pipeline.Drops.Totals, vif: null);
        foreach (var vif in tables.Vifs)
        {
            AddCounts(records, vif.Statistics.Drops, vif);
        }

        return records;
    }

    /// <summary>The latest drops of this worker, oldest first.</summary>
    public IReadOnlyList<RecentDropRecord> RecentDrops() =>
        [
            .. pipeline.Drops.Recent.Select(d => new RecentDropRecord(
                d.AtMilliseconds,
                d.Reason,
                d.Rule,
                d.Vif,
                d.Vif is { } vif ? tables.Vif(vif)?.Machine : null,
                d.Key.Protocol,
                IpAddress.FromIpv4(d.Key.Source),
                d.Key.SourcePort,
                IpAddress.FromIpv4(d.Key.Destination),
                d.Key.DestinationPort
            )),
        ];

    private static void AddCounts(List<DropCountRecord> records, ReadOnlySpan<long> counters, Vif? vif)
    {
        for (var reason = 1; reason < counters.Length; reason++)
        {
            if (counters[reason] != 0)
            {
                records.Add(new DropCountRecord((DropReason)reason, vif?.Id, vif?.Machine, counters[reason]));
            }
        }
    }

    // A copy, since others change it.
    private FlowRecord Record(int index, in FlowSlot flow, long nowMilliseconds)
    {
        var vif = tables.Vif(flow.Vif);
        return new FlowRecord(
            index,
            flow.Reverse < 0 ? null : flow.Reverse,
            flow.IsInitiator,
            flow.Key.IsWide,
            flow.Key.IsWide ? flow.Ports.First : null,
            flow.Key.IsWide ? flow.Ports.Last : null,
            flow.Key.IsStateless,
            flow.Key.IsStateless ? flow.Key.SourcePort : null,
            flow.Key.IsStateless ? flow.Key.DestinationPort : null,
            flow.Key.NextHop,
            flow.Vif,
            vif?.Machine,
            vif?.Entry.Network,
            vif?.Vrf ?? 0,
            flow.Key.Protocol,
            IpAddress.FromIpv4(flow.Key.Source),
            flow.Key.IsStateless ? (ushort)0 : flow.Key.SourcePort,
            IpAddress.FromIpv4(flow.Key.Destination),
            flow.Key.IsStateless ? (ushort)0 : flow.Key.DestinationPort,
            flow.Action,
            flow.Reason,
            flows.RuleOf(flow.Rule),
            flow.NextHop,
            flow.Label,
            flow.Tcp,
            flow.Packets,
            flow.Bytes,
            nowMilliseconds - flow.CreatedAt,
            nowMilliseconds - flow.LastSeen
        );
    }

    private VifRecord Record(Vif vif)
    {
        long dropped = 0;
        foreach (var count in vif.Statistics.Drops)
        {
            dropped += count;
        }

        var total = vif.Statistics.Total;
        return new VifRecord(
            vif.Id,
            vif.Device,
            vif.Vrf,
            vif.Mac,
            vif.Addresses.ToArray().Select(IpAddress.FromIpv4).ToEquatableArray(),
            vif.Entry.PortId,
            vif.Machine,
            vif.Entry.Network,
            vif.NextHop,
            vif.SecurityGroups.ToArray().Select(g => tables.AccessList(g)?.Name ?? g.ToString()).ToEquatableArray(),
            (long)total.ReceivedPackets,
            (long)total.ReceivedBytes,
            (long)total.SentPackets,
            (long)total.SentBytes,
            dropped,
            flows.CountOf(vif.Id)
        );
    }

    private static IpPrefix PrefixOf(Route route) => new(IpAddress.FromIpv4(route.Entry.Prefix), (int)route.Entry.Length);

    private static RouteRecord Record(Route route) =>
        new(
            route.Entry.Vrf,
            PrefixOf(route),
            route.NextHop,
            route.Label,
            route.SecurityGroups.ToArray().ToEquatableArray(),
            route.Entry.Network
        );

    private NextHopRecord Record(NextHop nextHop) =>
        new(
            nextHop.Id,
            nextHop.Kind.ToString().ToLowerInvariant(),
            nextHop.Kind == NextHopKind.Interface ? nextHop.Vif : null,
            nextHop.Kind == NextHopKind.Interface ? tables.Vif(nextHop.Vif)?.Machine : null,
            nextHop.Kind == NextHopKind.Tunnel ? IpAddress.FromIpv4(nextHop.TunnelDestination) : null,
            nextHop.Kind == NextHopKind.Tunnel ? nextHop.TunnelKind.ToString() : null,
            nextHop.Members.ToArray().Select(m => new EcmpMemberRecord(m.NextHop, m.Label)).ToEquatableArray()
        );
}
