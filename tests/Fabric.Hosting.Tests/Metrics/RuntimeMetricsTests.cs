using Fabric.Hosting.Metrics;

namespace Fabric.Hosting.Tests.Metrics;

[TestFixture]
public sealed class RuntimeMetricsTests
{
    [Test]
    public void A_full_collection_is_counted_in_generation_2()
    {
        var before = FullCollections();
        GC.Collect();
        Assert.That(FullCollections(), Is.GreaterThan(before));
    }

    private static int FullCollections()
    {
        const string sample = "process_runtime_dotnet_gc_collections_total{generation=\"2\"} ";
        var line = new PrometheusText()
            .AddRuntime()
            .ToString()
            .Split('\n')
            .Single(line => line.StartsWith(sample, StringComparison.Ordinal));
        return int.Parse(line[sample.Length..]);
    }
}
