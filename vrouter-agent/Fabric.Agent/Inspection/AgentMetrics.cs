using Fabric.Hosting.Metrics;

namespace Fabric.Agent.Inspection;

/// <summary>The agent's numbers in Prometheus text.</summary>
public static class AgentMetrics
{
    public static void Write(PrometheusText text, AgentStatus status, Histogram dataPlaneTimes)
    {
        text.Gauge("fabric_agent_complete", "1 once configuration and routes have come whole since the start.")
            .Sample(Number(status.Complete));
        text.Gauge("fabric_agent_controller_established", "1 while the session with the controller is up.");
        foreach (var controller in status.Controllers)
        {
            text.Sample(Number(controller.EstablishedAt is not null), ("controller", controller.EndPoint));
        }

        text.Counter("fabric_agent_controller_skipped_total", "Units of the controller's input that were passed over.");
        foreach (var controller in status.Controllers)
        {
            text.Sample(controller.Skipped, ("controller", controller.EndPoint));
        }

        text.Gauge("fabric_agent_ports", "Plugged ports by state.");
        foreach (var (state, count) in status.Ports)
        {
            text.Sample(count, ("state", state));
        }

        text.Gauge("fabric_agent_vrfs", "VRFs with an active port.").Sample(status.Vrfs);
        text.Gauge("fabric_agent_routes", "Routes of the data plane.").Sample(status.Routes);
        text.Gauge("fabric_agent_routes_unresolved", "Routes without a usable next hop.").Sample(status.UnresolvedRoutes);
        text.Gauge("fabric_agent_data_plane_connected", "1 while the data plane is connected.").Sample(Number(status.DataPlane.Connected));
        text.Gauge("fabric_agent_data_plane_stuck", "1 while the data plane holds its connection and gives no sign of life: alarm.")
            .Sample(Number(status.DataPlane.Stuck));
        text.Gauge("fabric_agent_data_plane_silence_seconds", "Time for which the data plane has owed a sign of life.")
            .Sample(status.DataPlane.SilentSeconds);
        text.Gauge("fabric_agent_data_plane_sent_generation", "Generation sent last.").Sample(status.DataPlane.SentGeneration);
        text.Gauge("fabric_agent_data_plane_applied_generation", "Generation applied last.").Sample(status.DataPlane.AppliedGeneration);
        text.Histogram("fabric_agent_data_plane_apply_seconds", "From tables sent to the data plane's word that it forwards by them.")
            .Sample(dataPlaneTimes);
    }

    private static double Number(bool value) => value ? 1 : 0;
}
