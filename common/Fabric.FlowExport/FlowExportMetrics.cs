using Fabric.Hosting.Metrics;

namespace Fabric.FlowExport;

/// <summary>The export's part of /metrics.</summary>
public static class FlowExportMetrics
{
    public static PrometheusText AddFlowExport(this PrometheusText text, FlowExportStatistics export)
    {
        text.Counter("fabric_export_rows_total", "Flow rows that were told to the collectors.").Sample(export.Rows);
        text.Counter("fabric_export_dropped_total", "Flow rows that found no room on their way to the collectors.").Sample(export.Dropped);
        text.Gauge("fabric_export_sessions", "Sessions of which is kept what collectors were told.").Sample(export.Sessions);
        text.Counter("fabric_export_datagrams_total", "Datagrams sent to a collector.");
        Samples(text, export, collector => collector.Sent);
        text.Counter("fabric_export_failed_datagrams_total", "Datagrams that could not be sent to a collector.");
        Samples(text, export, collector => collector.Failed);
        return text;
    }

    private static void Samples(PrometheusText text, FlowExportStatistics export, Func<CollectorStatistics, double> value)
    {
        foreach (var collector in export.Collectors)
        {
            text.Sample(value(collector), ("protocol", collector.Protocol), ("collector", collector.Collector.ToString()));
        }
    }
}
