using System.Net;
using Fabric.Hosting.Metrics;

namespace Fabric.FlowExport.Tests;

[TestFixture]
public sealed class FlowExportMetricsTests
{
    [Test]
    public void Rows_are_counted_once_and_datagrams_for_each_collector()
    {
        var collector = new CollectorStatistics("ipfix", IPEndPoint.Parse("192.0.2.9:4739"), Sent: 12, Failed: 1);

        var text = new PrometheusText().AddFlowExport(new FlowExportStatistics(Rows: 90, Dropped: 2, Sessions: 40, [collector])).ToString();

        Assert.That(
            text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#')),
            Is.EqualTo(
                new[]
                {
                    "fabric_export_rows_total 90",
                    "fabric_export_dropped_total 2",
                    "fabric_export_sessions 40",
                    "fabric_export_datagrams_total{protocol=\"ipfix\",collector=\"192.0.2.9:4739\"} 12",
                    "fabric_export_failed_datagrams_total{protocol=\"ipfix\",collector=\"192.0.2.9:4739\"} 1",
                }
            )
        );
    }
}
