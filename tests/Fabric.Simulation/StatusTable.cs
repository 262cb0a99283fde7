using System.Globalization;
using System.Text;
using Fabric.Datapath.Host.Node;

namespace Fabric.Simulation;

/// <summary>The fabric's nodes, a line each, for whoever reads why a run failed.</summary>
internal static class StatusTable
{
    private const int RecentDrops = 3;

    public static string Of(FabricSim fabric)
    {
        var text = new StringBuilder();
        foreach (var control in fabric.ControlNodeList)
        {
            var node = control.Node;
            var sessions = string.Join(' ', node?.Speaker.Neighbors.Select(n => $"{n.Intent.Name}={n.Peer.State}") ?? []);
            var agents = string.Join(
                ' ',
                node?.Agents.Agents.Select(a => $"{a.Agent.Name}={(a.Agent.IsEstablished ? "up" : "down")}") ?? []
            );
            Line(
                text,
                control.Name,
                node is null ? "down" : $"revision {node.Revision}, {node.Routes.Core.Counters.VpnRoutes} VPN routes, {sessions} {agents}"
            );
        }

        foreach (var host in fabric.HostList)
        {
            var core = host.Agent?.Core;
            var sessions = string.Join(
                ' ',
                core?.Controllers.Values.Select(s => $"{s.Controller}={(s.IsSynced ? "synced" : "syncing")}") ?? []
            );
            var ports = string.Join(' ', core?.Ports.States.Select(p => $"{p.Key[..8]}={p.Value}") ?? []);
            var tables =
                $"{core?.Tables.Routes.Desired.Count} routes, data plane {(core?.DataPlane.IsInSync == true ? "in sync" : "behind")}";
            Line(text, host.Name, core is null ? "agent down" : $"{tables}, {sessions} {ports} config from {core.Config.Peer}");
            Line(text, host.DatapathName, host.Datapath is { } datapath ? Describe(datapath) : "down");
        }

        foreach (var gateway in fabric.GatewayList)
        {
            Line(
                text,
                gateway.Name,
                gateway.IsUp ? string.Join(' ', gateway.Sessions.Select(s => $"{s.ControlNode}={s.Routes.Count} routes")) : "down"
            );
        }

        foreach (var vm in fabric.VmsByName.Values)
        {
            var groups = string.Join(' ', vm.SecurityGroups);
            Line(text, vm.Name, $"{vm.Address} port {vm.PortId} on host{vm.Host} {(vm.IsPlugged ? "plugged" : "unplugged")} {groups}");
        }

        return text.ToString();
    }

    private static string Describe(DatapathNode datapath)
    {
        var drops = datapath
            .Inspectors.SelectMany(static worker => worker.RecentDrops())
            .OrderBy(static drop => drop.AtMilliseconds)
            .TakeLast(RecentDrops);
        var words = drops.Select(static drop => $"{drop.Source} to {drop.Destination}: {drop.Reason} {drop.Rule}");
        return $"generation {datapath.Tables.Generation}, {datapath.Flows.Count} flows, dropped last: {string.Join(", ", words)}";
    }

    private static void Line(StringBuilder text, string name, string state) =>
        text.AppendLine(CultureInfo.InvariantCulture, $"  {name, -12} {state}");
}
