using System.Globalization;

namespace Fabric.Hosting.Metrics;

/// <summary>What every program says of its runtime.</summary>
public static class RuntimeMetrics
{
    /// <summary>Garbage collections since the start, each counted in the oldest generation that it went through.</summary>
    public static PrometheusText AddRuntime(this PrometheusText text)
    {
        text.Counter(
            "process_runtime_dotnet_gc_collections_total",
            "Garbage collections since the start, by the oldest generation collected."
        );
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            // The runtime counts a collection of a generation in every younger one, too.
            var older = generation < GC.MaxGeneration ? GC.CollectionCount(generation + 1) : 0;
            text.Sample(GC.CollectionCount(generation) - older, ("generation", generation.ToString(CultureInfo.InvariantCulture)));
        }

        return text;
    }
}
