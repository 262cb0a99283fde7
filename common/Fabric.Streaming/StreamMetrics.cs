using Fabric.Hosting.Metrics;

namespace Fabric.Streaming;

/// <summary>The stream's part of /metrics.</summary>
public static class StreamMetrics
{
    public static PrometheusText AddStream(this PrometheusText text, IReadOnlyList<TopicStatistics> topics)
    {
        text.Counter("fabric_stream_rows_published_total", "Rows that were written to the journal.");
        Samples(text, topics, topic => topic.Published);
        text.Counter("fabric_stream_rows_dropped_total", "Rows that found no room on their way to the journal; consumers see gaps.");
        Samples(text, topics, topic => topic.Dropped);
        text.Gauge("fabric_stream_journal_bytes", "Octets of the journal on disk.");
        Samples(text, topics, topic => topic.JournalBytes);
        text.Gauge("fabric_stream_journal_torn_bytes", "Octets cut off the journal at the start, left half written by a crash.");
        Samples(text, topics, topic => topic.TornBytes);
        text.Gauge("fabric_stream_last_sequence", "The last row in the journal.");
        Samples(text, topics, topic => topic.LastSequence);
        text.Gauge("fabric_stream_acknowledged_sequence", "The row up to which the Kafka cluster has acknowledged all.");
        Samples(text, topics, topic => topic.AcknowledgedSequence);
        text.Gauge("fabric_stream_lag_rows", "Rows in the journal that the Kafka cluster has not acknowledged.");
        Samples(text, topics, topic => topic.Lag);
        text.Counter("fabric_stream_rows_expired_total", "Rows whose part of the journal was deleted by size or age.");
        Samples(text, topics, topic => topic.Expired);
        text.Counter("fabric_stream_rows_expired_unsent_total", "Rows among them that the Kafka cluster never got.");
        Samples(text, topics, topic => topic.ExpiredUnsent);
        text.Counter("fabric_stream_rows_refused_total", "Rows that the Kafka cluster will never take; they were passed over.");
        Samples(text, topics, topic => topic.Refused);
        return text;
    }

    private static void Samples(PrometheusText text, IReadOnlyList<TopicStatistics> topics, Func<TopicStatistics, double> value)
    {
        foreach (var topic in topics)
        {
            text.Sample(value(topic), ("topic", topic.Topic.Name));
        }
    }
}
