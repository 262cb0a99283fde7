using Fabric.Datapath.Host.Cache;
using Fabric.Datapath.Host.Node;
using Fabric.Datapath.Host.PacketIo;
using Fabric.Hosting.Metrics;

namespace Fabric.Datapath.Host.Inspection;

/// <summary>The metrics of a data plane.</summary>
internal static class NodeMetrics
{
    /// <summary>The metrics of a node; written on its loop.</summary>
    public static void Write(PrometheusText text, DatapathNode node)
    {
        text.Gauge("fabric_dp_agent_connected", "1 while an agent holds the channel.").Sample(node.IsAgentConnected ? 1 : 0);
        text.Gauge("fabric_dp_generation", "Generation of the last batch of tables.").Sample(node.Tables.Generation);
        text.Gauge("fabric_dp_flows", "Flow entries in use.").Sample(node.Flows.Count);
        text.Gauge("fabric_dp_flow_capacity", "Flow entries at most.").Sample(node.Flows.Capacity);
        WriteCache(text, node.PacketIo.Cache);
        WriteDrops(text, node.Drops);
        WriteRecords(text, node.Records.Reports);
        WritePorts(text, node.PacketIo);
    }

    private static void WriteRecords(PrometheusText text, RecordBuffer reports)
    {
        text.Counter("fabric_dp_flow_reports_total", "Reports of sessions, for the agent.").Sample(reports.Added);
        text.Counter("fabric_dp_flow_reports_lost_total", "Reports that found no room, since the agent was away or slow.")
            .Sample(reports.Lost);
        text.Gauge("fabric_dp_flow_reports_waiting", "Reports that wait for the agent.").Sample(reports.Count);
    }

    private static void WriteCache(PrometheusText text, CacheStatus cache)
    {
        text.Gauge("fabric_dp_flow_cache_up", "1 while the kernel's programs forward what they can.").Sample(cache.Hook is null ? 0 : 1);
        text.Counter("fabric_dp_flow_cache_packets_total", "Packets at the kernel's programs, by what became of them.");
        var counters = cache.Counters;
        text.Sample(counters.Hits, ("outcome", "hit"));
        text.Sample(counters.Misses, ("outcome", "miss"));
        text.Sample(counters.Stale, ("outcome", "stale"));
        text.Sample(counters.Exceptions, ("outcome", "exception"));
        text.Sample(counters.Lost, ("outcome", "lost"));
        text.Sample(counters.Limited, ("outcome", "limited"));
        text.Counter("fabric_dp_flow_cache_connections_total", "Connections that the kernel's programs set up by wide entries.");
        text.Sample(counters.Made);
    }

    private static void WriteDrops(PrometheusText text, DropLog drops)
    {
        text.Counter("fabric_dp_dropped_packets_total", "Packets not forwarded, by reason.");
        for (var reason = 1; reason < drops.Totals.Length; reason++)
        {
            text.Sample(drops.Totals[reason], ("reason", DropReasonNames.Of((DropReason)reason)));
        }
    }

    private static void WritePorts(PrometheusText text, PacketIoStatus status)
    {
        PortStatus[] ports = [status.Uplink, .. status.Vifs];
        Write(text.Gauge("fabric_dp_port_up", "1 while packets flow."), ports, static port => port.Problem is null ? 1 : 0);
        Write(
            text.Counter(
                "fabric_dp_port_received_packets_total",
                "Packets that sockets took from the device; with the kernel's programs they are those of fabric_dp_flow_cache_packets_total, and this stays at 0."
            ),
            ports,
            static port => port.Counters.Received
        );
        Write(
            text.Counter("fabric_dp_port_receive_errors_total", "Packets that could not be read."),
            ports,
            static port => port.Counters.ReceiveErrors
        );
        Write(
            text.Counter("fabric_dp_port_missed_packets_total", "Packets that found the socket's queue full."),
            ports,
            static port => port.Counters.Missed
        );
        Write(
            text.Counter("fabric_dp_port_sent_packets_total", "Packets that this process sent to the device, not the kernel's programs."),
            ports,
            static port => port.Counters.Sent
        );
        Write(
            text.Counter("fabric_dp_port_send_errors_total", "Packets that the kernel refused."),
            ports,
            static port => port.Counters.SendErrors
        );
    }

    private static void Write(PrometheusText text, PortStatus[] ports, Func<PortStatus, long> value)
    {
        foreach (var port in ports)
        {
            text.Sample(value(port), ("device", port.Device), ("port", port.Vif is { } vif ? $"vif{vif}" : "uplink"));
        }
    }
}
