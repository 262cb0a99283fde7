using System.Globalization;

namespace Fabric.Bench.Streaming;

/// <summary>What an agent counts of its rows of sessions, from its /metrics.</summary>
/// <param name="Reports">Reports that it got.</param>
/// <param name="Published">Rows in its journal.</param>
/// <param name="Dropped">Rows that found no room on their way there.</param>
/// <param name="Last">Sequence of the last row in the journal.</param>
/// <param name="Acknowledged">Sequence up to which the Kafka cluster has acknowledged all.</param>
internal sealed record StreamFigures(long Reports, long Published, long Dropped, long Last, long Acknowledged)
{
    private const string OfFlows = "{topic=\"fabric.flows\"}";

    /// <exception cref="BenchException">The page has no such figures.</exception>
    public static StreamFigures Of(string page) =>
        new(
            Value(page, "fabric_flow_reports_total"),
            Value(page, "fabric_stream_rows_published_total" + OfFlows),
            Value(page, "fabric_stream_rows_dropped_total" + OfFlows),
            Value(page, "fabric_stream_last_sequence" + OfFlows),
            Value(page, "fabric_stream_acknowledged_sequence" + OfFlows)
        );

    private static long Value(string page, string name)
    {
        foreach (var line in page.Split('\n'))
        {
            if (line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] == ' ')
            {
                return (long)double.Parse(line[(name.Length + 1)..], CultureInfo.InvariantCulture);
            }
        }

        throw new BenchException($"fabric-agent does not tell {name}");
    }
}
