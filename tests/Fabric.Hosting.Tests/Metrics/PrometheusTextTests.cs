using Fabric.Hosting.Metrics;

namespace Fabric.Hosting.Tests.Metrics;

public sealed class PrometheusTextTests
{
    [Test]
    public void A_family_has_help_type_and_samples_with_escaped_labels()
    {
        var text = new PrometheusText()
            .Counter("fabric_drops_total", "Dropped packets.")
            .Sample(3, ("reason", "a\"b\\c\nd"), ("vif", "1"))
            .Gauge("fabric_flows", "Flows.")
            .Sample(0.5)
            .ToString();

        Assert.That(
            text,
            Is.EqualTo(
                "# HELP fabric_drops_total Dropped packets.\n# TYPE fabric_drops_total counter\n"
                    + "fabric_drops_total{reason=\"a\\\"b\\\\c\\nd\",vif=\"1\"} 3\n"
                    + "# HELP fabric_flows Flows.\n# TYPE fabric_flows gauge\nfabric_flows 0.5\n"
            )
        );
    }
}
