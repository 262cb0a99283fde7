using Fabric.Datapath.Host.Node;
using Fabric.Datapath.Inspection;
using Fabric.Model.Datapath;
using Fabric.Primitives;

namespace Fabric.Datapath.Host.Inspection;

/// <summary>
/// The answers of /inspect, taken from the node. Called on the first worker's loop, but for <see cref="RecentDrops"/>; every answer is a copy of at most
/// <c>limit</c> items.
/// </summary>
public sealed class NodeInspector(string nodeName, DatapathNode node)
{
    private static readonly string _version = typeof(NodeInspector).Assembly.GetName().Version!.ToString(3);

    private readonly DatapathInspector _datapath = node.Inspectors[0];

    public StatusRecord Status() =>
        new(
            nodeName,
            _version,
            node.IsAgentConnected,
            node.Tables.Generation,
            node.Tables.Host.TunnelSource == 0 ? null : IpAddress.FromIpv4(node.Tables.Host.TunnelSource),
            node.Tables.Host.UnderlayMtu,
            node.Flows.Count,
            node.Flows.Capacity,
            node.Workers,
            node.PacketIo
        );

    public Listing<FlowRecord> Flows(int limit)
    {
        var flows = _datapath.Flows(node.NowMilliseconds, limit);
        return new Listing<FlowRecord>(flows, flows.Count < limit ? flows.Count : Math.Max(limit, node.Flows.Count));
    }

    public Listing<VifRecord> Vifs(int limit) => Listing<VifRecord>.Of(_datapath.Vifs(), limit);

    public Listing<VrfRecord> Vrfs(int limit) => Listing<VrfRecord>.Of(_datapath.Vrfs(), limit);

    /// <summary>The routes of a VRF named by its id or its name, of all where <paramref name="vrf"/> is null; null when there is no such VRF.</summary>
    public Listing<RouteRecord>? Routes(string? vrf, int limit)
    {
        var vrfs = node.Tables.Vrfs.Where(entry => vrf is null || entry.Name == vrf || entry.Id.ToString() == vrf).ToList();
        if (vrf is not null && vrfs.Count == 0)
        {
            return null;
        }

        var shown = new List<RouteRecord>();
        foreach (var entry in vrfs)
        {
            shown.AddRange(_datapath.Routes(entry.Id, limit - shown.Count));
        }

        return new Listing<RouteRecord>(shown, vrfs.Sum(entry => entry.RouteCount));
    }

    public Listing<NextHopRecord> NextHops(int limit) => Listing<NextHopRecord>.Of(_datapath.NextHops(), limit);

    public Listing<LabelRecord> Labels(int limit) => Listing<LabelRecord>.Of(_datapath.Labels(), limit);

    /// <summary>The latest drops of a worker; called on its loop.</summary>
    public IReadOnlyList<RecentDropRecord> RecentDrops(int worker) => node.Inspectors[worker].RecentDrops();

    /// <param name="recent">The latest drops of all workers.</param>
    /// <param name="limit">At most so many of them, the latest.</param>
    public DropsRecord Drops(IEnumerable<RecentDropRecord> recent, int limit)
    {
        var ordered = recent.OrderBy(static drop => drop.AtMilliseconds).ToList();
        return new DropsRecord(_datapath.Drops(), new Listing<RecentDropRecord>([.. ordered.TakeLast(limit)], ordered.Count));
    }

    public Listing<AccessListRecord> AccessLists(int limit) =>
        Listing<AccessListRecord>.Of([.. node.Tables.AccessLists.OrderBy(static list => list.Id).Select(Record)], limit);

    private static AccessListRecord Record(AccessList list) => new(list.Id, list.Name, [.. list.Entry.Rules.Select(Record)]);

    private static AccessRuleRecord Record(AccessRule rule) =>
        new(
            rule.Name,
            rule.Direction.ToString().ToLowerInvariant(),
            rule.Protocol,
            rule.PortMin,
            rule.PortMax,
            rule.RemoteLength == 0 ? null : new IpPrefix(IpAddress.FromIpv4(rule.RemotePrefix), (int)rule.RemoteLength),
            rule.RemoteGroup == 0 ? null : rule.RemoteGroup
        );
}
