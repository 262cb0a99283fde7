using Fabric.Agent.Streaming;
using Fabric.Hosting.Metrics;

namespace Fabric.Agent.Inspection;

/// <summary>What came of the data plane's reports, in Prometheus text.</summary>
public static class RecordMetrics
{
    public static void Write(PrometheusText text, RecordStatistics records)
    {
        text.Counter("fabric_flow_reports_total", "Reports of sessions that the data plane sent and that became rows.")
            .Sample(records.Flows);
        text.Counter("fabric_flow_reports_lost_total", "Reports that found no room at the data plane, since it started.")
            .Sample(records.Lost);
        text.Counter("fabric_drop_reports_total", "Reports of drops that the data plane sent.").Sample(records.Drops);
        text.Counter("fabric_record_malformed_total", "Reports of the data plane, or their names, that could not be read.")
            .Sample(records.Malformed);
        text.Counter("fabric_record_unknown_names_total", "Numbers in reports that had no name; their rows lack it.")
            .Sample(records.UnknownNames);
        text.Counter("fabric_flow_rows_unsummed_total", "Where sessions are summed up: rows that went out one by one.")
            .Sample(records.Unsummed);
        text.Counter("fabric_flow_summaries_early_total", "Summaries that ended before their time, to make room for others.")
            .Sample(records.EarlySummaries);
    }
}
