using Fabric.Bench.Streaming;

namespace Fabric.Bench.Tests.Streaming;

[TestFixture]
public sealed class StreamFiguresTests
{
    private const string Page = """
        # HELP fabric_flow_reports_total Reports of sessions that the data plane sent and that became rows.
        # TYPE fabric_flow_reports_total counter
        fabric_flow_reports_total 1500
        fabric_stream_rows_published_total{topic="fabric.flows"} 1400
        fabric_stream_rows_published_total{topic="fabric.drops"} 9
        fabric_stream_rows_dropped_total{topic="fabric.flows"} 100
        fabric_stream_last_sequence{topic="fabric.flows"} 2400
        fabric_stream_acknowledged_sequence{topic="fabric.flows"} 2000
        """;

    [Test]
    public void The_figures_of_the_topic_of_flows_are_read() =>
        Assert.That(StreamFigures.Of(Page), Is.EqualTo(new StreamFigures(1500, 1400, 100, 2400, 2000)));

    [Test]
    public void A_figure_that_is_missing_is_an_error() =>
        Assert.That(
            () => StreamFigures.Of(Page.Replace("fabric_stream_last_sequence", "other")),
            Throws.TypeOf<BenchException>().With.Message.Contains("fabric_stream_last_sequence")
        );

    [Test]
    public void Rows_have_arrived_in_the_journal_or_when_they_are_acknowledged()
    {
        var figures = StreamFigures.Of(Page);

        Assert.That((StreamTarget.Journal.Arrived(figures), StreamTarget.Kafka.Arrived(figures)), Is.EqualTo((1400, 1900)));
        Assert.That((StreamTarget.Journal.HasAll(figures), StreamTarget.Kafka.HasAll(figures)), Is.EqualTo((true, false)));
    }
}
