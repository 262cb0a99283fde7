using System.Globalization;
using Fabric.Bench.Candidates;

namespace Fabric.Bench.Datapath.Testbeds;

/// <summary>What a fabric-dp counts, from its /metrics on a unix socket.</summary>
internal sealed class DatapathMetrics(string text)
{
    // Each says of a packet that it went no further.
    private static readonly string[] s_lost =
    [
        "fabric_dp_dropped_packets_total",
        "fabric_dp_port_receive_errors_total",
        "fabric_dp_port_missed_packets_total",
        "fabric_dp_port_send_errors_total",
        "fabric_dp_flow_cache_packets_total{outcome=\"lost\"}",
        "fabric_dp_flow_cache_packets_total{outcome=\"limited\"}",
    ];

    /// <summary>Flow entries: two for a connection.</summary>
    public long FlowEntries => Sum("fabric_dp_flows");

    /// <summary>Packets that were not forwarded, whatever the reason.</summary>
    public long Lost => s_lost.Sum(Sum);

    /// <summary>The kernel's programs forward what they can.</summary>
    public bool HasFlowCache => Sum("fabric_dp_flow_cache_up") > 0;

    /// <summary>Collections of the oldest generation since it started.</summary>
    public long FullCollections => Sum("process_runtime_dotnet_gc_collections_total{generation=\"2\"}");

    /// <exception cref="BenchException">It does not answer.</exception>
    public static DatapathMetrics Read(string socket)
    {
        using var client = UnixHttp.Client(socket);
        try
        {
            return new DatapathMetrics(client.GetStringAsync("/metrics").GetAwaiter().GetResult());
        }
        catch (HttpRequestException exception)
        {
            throw new BenchException($"fabric-dp does not tell its metrics: {exception.Message}", exception);
        }
    }

    // "name{labels} value" or "name value".
    private long Sum(string name) =>
        text.Split('\n')
            .Where(line =>
                line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] is (' ' or '{')
            )
            .Sum(line => (long)double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}
