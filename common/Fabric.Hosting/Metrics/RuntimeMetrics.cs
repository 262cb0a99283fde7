using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Fabric.Hosting.Metrics;

/// <summary>What every program says of itself and of its runtime, by the names that Prometheus' own client libraries use.</summary>
public static class RuntimeMetrics
{
    private static readonly double s_startTime =
        new DateTimeOffset(Process.GetCurrentProcess().StartTime).ToUnixTimeMilliseconds() / 1000.0;
    private static readonly string s_version =
        Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>The process: version, start, processor time and memory; collections and their pauses; the thread pool's queue.</summary>
    public static PrometheusText AddRuntime(this PrometheusText text)
    {
        text.Gauge("fabric_build_info", "1, with the program's version.").Sample(1, ("version", s_version));
        text.Gauge("process_start_time_seconds", "Start of the process since the Unix epoch.").Sample(s_startTime);
        text.Counter("process_cpu_seconds_total", "Processor time in user and system mode.")
            .Sample(Environment.CpuUsage.TotalTime.TotalSeconds);
        text.Gauge("process_resident_memory_bytes", "Resident memory.").Sample(Environment.WorkingSet);
        AddCollector(text);
        text.Gauge("process_runtime_dotnet_thread_pool_queue_length", "Work that waits for a thread of the pool.")
            .Sample(ThreadPool.PendingWorkItemCount);
        return text;
    }

    private static void AddCollector(PrometheusText text)
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

        text.Counter("process_runtime_dotnet_gc_pause_seconds_total", "Time for which collections stopped the process.")
            .Sample(GC.GetTotalPauseDuration().TotalSeconds);
        text.Counter("process_runtime_dotnet_gc_allocated_bytes_total", "Memory that was allocated on the managed heap.")
            .Sample(GC.GetTotalAllocatedBytes());
        text.Gauge("process_runtime_dotnet_gc_heap_bytes", "Managed heap, garbage included.")
            .Sample(GC.GetTotalMemory(forceFullCollection: false));
    }
}
