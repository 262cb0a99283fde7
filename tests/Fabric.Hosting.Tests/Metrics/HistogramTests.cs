using Fabric.Hosting.Metrics;

namespace Fabric.Hosting.Tests.Metrics;

[TestFixture]
public sealed class HistogramTests
{
    [Test]
    public void Buckets_are_cumulative_and_end_with_all_observations()
    {
        var histogram = new Histogram();
        histogram.Observe(TimeSpan.Zero);
        histogram.Observe(TimeSpan.FromMicroseconds(100));
        histogram.Observe(TimeSpan.FromMilliseconds(30));
        histogram.Observe(TimeSpan.FromMinutes(1));

        var lines = new PrometheusText()
            .Histogram("fabric_wait_seconds", "Waits.")
            .Sample(histogram, ("loop", "routing"))
            .ToString()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.That(lines[1], Is.EqualTo("# TYPE fabric_wait_seconds histogram"));
        Assert.That(lines[2], Is.EqualTo("fabric_wait_seconds_bucket{loop=\"routing\",le=\"0.0001\"} 2"));
        Assert.That(lines, Does.Contain("fabric_wait_seconds_bucket{loop=\"routing\",le=\"0.025\"} 2"));
        Assert.That(lines, Does.Contain("fabric_wait_seconds_bucket{loop=\"routing\",le=\"0.05\"} 3"));
        Assert.That(lines, Does.Contain("fabric_wait_seconds_bucket{loop=\"routing\",le=\"10\"} 3"));
        Assert.That(lines[^3], Is.EqualTo("fabric_wait_seconds_bucket{loop=\"routing\",le=\"+Inf\"} 4"));
        Assert.That(lines[^2], Is.EqualTo("fabric_wait_seconds_sum{loop=\"routing\"} 60.0301"));
        Assert.That(lines[^1], Is.EqualTo("fabric_wait_seconds_count{loop=\"routing\"} 4"));
    }
}
