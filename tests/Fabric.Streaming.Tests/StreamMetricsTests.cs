using Fabric.Analytics;
using Fabric.Hosting.Metrics;

namespace Fabric.Streaming.Tests;

[TestFixture]
public sealed class StreamMetricsTests
{
    [Test]
    public void Every_topic_says_what_became_of_its_rows()
    {
        var text = new PrometheusText().AddStream([new TopicStatistics(Topic.Flows, 10, 2, 4096, 3, 1, 12, 9, 3, 5, 4, 1)]).ToString();
        Assert.That(
            text.Split('\n').Where(line => !line.StartsWith('#')),
            Is.EqualTo(
                new[]
                {
                    "fabric_stream_rows_published_total{topic=\"fabric.flows\"} 10",
                    "fabric_stream_rows_dropped_total{topic=\"fabric.flows\"} 2",
                    "fabric_stream_journal_bytes{topic=\"fabric.flows\"} 4096",
                    "fabric_stream_journal_torn_bytes{topic=\"fabric.flows\"} 3",
                    "fabric_stream_last_sequence{topic=\"fabric.flows\"} 12",
                    "fabric_stream_acknowledged_sequence{topic=\"fabric.flows\"} 9",
                    "fabric_stream_lag_rows{topic=\"fabric.flows\"} 3",
                    "fabric_stream_rows_expired_total{topic=\"fabric.flows\"} 5",
                    "fabric_stream_rows_expired_unsent_total{topic=\"fabric.flows\"} 4",
                    "fabric_stream_rows_refused_total{topic=\"fabric.flows\"} 1",
                    "",
                }
            )
        );
    }
}
