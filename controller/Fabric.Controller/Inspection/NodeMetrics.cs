using Fabric.Bgp;
using Fabric.Controller.Configuration;
using Fabric.Hosting.Metrics;
using Fabric.Model.Config;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Inspection;

/// <summary>The metrics of a control node; each member writes what one loop owns, on that loop.</summary>
internal sealed class NodeMetrics(ControlNode node)
{
    private readonly Inspector _inspector = new(node);

    /// <summary>Of the config loop.</summary>
    public void WriteConfig(PrometheusText text)
    {
        var config = node.Config;
        text.Gauge("fabric_config_revision", "Revision of the configuration.").Sample(config.Service.Revision);
        text.Gauge("fabric_config_objects", "Objects of the configuration.");
        foreach (var kind in config.Service.All.CountBy(static item => item.Value.Kind))
        {
            text.Sample(kind.Value, ("kind", kind.Key.Word()));
        }

        text.Counter("fabric_config_store_failures_total", "Transactions and readings that the store has failed at.")
            .Sample(config.StoreFailures);
        WriteTimes(text, config.Times);
    }

    /// <summary>Of the routing loop.</summary>
    public void WriteRouting(PrometheusText text)
    {
        text.Gauge("fabric_config_revision_applied", "Revision of the configuration that the routing loop has.").Sample(node.Revision);
        WriteTables(text);
        WriteNeighbors(text);
        WriteMessages(text);
        WriteAgents(text);
    }

    private static void WriteTimes(PrometheusText text, ConvergenceTimes times)
    {
        text.Histogram("fabric_config_convergence_seconds", "From an API call that changes something to the end of a stage of it.");
        text.Sample(times.Durable, ("stage", "durable"));
        text.Sample(times.Applied, ("stage", "applied"));
    }

    private void WriteTables(PrometheusText text)
    {
        var counters = node.Routes.Core.Counters;
        text.Gauge("fabric_vpn_routes", "Routes of the VPN tables.").Sample(counters.VpnRoutes);
        text.Gauge("fabric_rtc_memberships", "Routes of the route target membership table (RFC 4684).").Sample(counters.Memberships);
        text.Gauge("fabric_rib_paths", "Paths of all tables, the best and the others.").Sample(counters.Paths);
        text.Gauge("fabric_rib_attribute_sets", "Sets of path attributes, each kept once.").Sample(counters.AttributeSets);
        text.Gauge("fabric_rib_changes_unread", "Paths whose latest change is not yet a row of the stream.")
            .Sample(node.Routes.Core.UnreadChanges);
        text.Gauge("fabric_rib_memory_bytes", "Memory of the routing tables.").Sample(counters.MemoryBytes);
        var vrfs = node.Routes.Core.Vrfs.Where(static vrf => vrf.Definition is not null).ToList();
        text.Gauge("fabric_vrfs", "Configured VRFs.").Sample(vrfs.Count);
        text.Gauge("fabric_vrf_routes", "Routes of a VRF, imported ones included.");
        foreach (var vrf in vrfs)
        {
            text.Sample(vrf.Routes, ("vrf", vrf.Name));
        }
    }

    private void WriteNeighbors(PrometheusText text)
    {
        var neighbors = _inspector.Neighbors.Neighbors();
        text.Gauge("fabric_bgp_established", "1 while the session with the neighbour is established.");
        foreach (var neighbor in neighbors)
        {
            text.Sample(neighbor.EstablishedSeconds is null ? 0 : 1, ("neighbor", neighbor.Name));
        }

        text.Gauge("fabric_bgp_admin_down", "1 where the neighbour is shut down by configuration.");
        foreach (var neighbor in node.Speaker.Neighbors)
        {
            text.Sample(neighbor.Intent.Settings.AdminDown ? 1 : 0, ("neighbor", neighbor.Intent.Name));
        }

        WriteFamilies("fabric_bgp_routes_received", "Routes that the neighbour has told.", family => family.RoutesReceived);
        WriteFamilies("fabric_bgp_routes_rejected", "Of those received: held back by a rule or a policy.", family => family.RoutesRejected);
        WriteFamilies("fabric_bgp_routes_sent", "Routes that the neighbour was told.", family => family.RoutesSent);
        WriteFamilies(
            "fabric_bgp_routes_limit",
            "So many routes the neighbour may tell; without sample: any number.",
            family => family.Limit
        );

        void WriteFamilies(string name, string help, Func<FamilyCountDocument, double?> value)
        {
            text.Gauge(name, help);
            foreach (var neighbor in neighbors)
            {
                foreach (var family in neighbor.FamilyCounts)
                {
                    if (value(family) is { } known)
                    {
                        text.Sample(known, ("neighbor", neighbor.Name), ("family", family.Family));
                    }
                }
            }
        }
    }

    private void WriteMessages(PrometheusText text)
    {
        var types = Enum.GetValues<MessageType>();
        text.Counter(
            "fabric_bgp_sessions_established_total",
            "Sessions with the neighbour that came up: more than one is a flap (RFC 4273)."
        );
        foreach (var neighbor in node.Speaker.Neighbors)
        {
            text.Sample(neighbor.Peer.EstablishedTransitions, ("neighbor", neighbor.Intent.Name));
        }

        WriteTypes("fabric_bgp_messages_received_total", "BGP messages received.", static (counters, type) => counters.Received(type));
        WriteTypes("fabric_bgp_messages_sent_total", "BGP messages sent.", static (counters, type) => counters.Sent(type));

        void WriteTypes(string name, string help, Func<MessageCounters, MessageType, long> value)
        {
            text.Counter(name, help);
            foreach (var neighbor in node.Speaker.Neighbors)
            {
                foreach (var type in types)
                {
                    text.Sample(value(neighbor.Peer.Counters, type), ("neighbor", neighbor.Intent.Name), ("type", type.ToString()));
                }
            }
        }
    }

    private void WriteAgents(PrometheusText text)
    {
        var states = node.Agents.Agents.ToList();
        var agents = states.ConvertAll(static state => state.Agent);
        text.Gauge("fabric_agent_established", "1 while the agent is connected.");
        foreach (var agent in agents)
        {
            text.Sample(agent.IsEstablished ? 1 : 0, ("agent", agent.Name));
        }

        text.Gauge("fabric_agent_subscriptions", "VRFs whose routes the agent wants.");
        foreach (var agent in agents)
        {
            text.Sample(agent.Subscriptions.Count, ("agent", agent.Name));
        }

        text.Gauge("fabric_agent_subscriptions_waiting", "Of those: VRFs in which the agent's host has no port by the configuration.");
        foreach (var state in states)
        {
            text.Sample(state.Waiting.Names.Count, ("agent", state.Agent.Name));
        }
    }
}
