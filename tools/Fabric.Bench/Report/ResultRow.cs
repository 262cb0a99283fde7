using System.Text.Encodings.Web;
using System.Text.Json;
using Fabric.Bench.Runs;

namespace Fabric.Bench.Report;

/// <summary>One metric of one work; a line of the JSON file.</summary>
/// <param name="Ours">Null where there is none, also where every change was lost: no number says that (RFC 8259 section 6), but its goal is not met.</param>
/// <param name="Met">Null where nothing is judged: another size, no goal, or a value is missing.</param>
internal sealed record ResultRow(
    string Work,
    string Metric,
    double? Ours,
    IReadOnlyDictionary<string, double> Peers,
    string? BestPeer,
    double? Ratio,
    string? Goal,
    bool? Met
)
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        // Files, not web pages: "<=" stays readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static ResultRow Of(Work work, Metric metric, bool isJudged, IReadOnlyDictionary<string, double> medians, string oursName)
    {
        var peers = medians
            .Where(entry => entry.Key != oursName && double.IsFinite(entry.Value))
            .ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
        var isThere = medians.TryGetValue(oursName, out var value);
        double? ours = isThere && double.IsFinite(value) ? value : null;
        var best = peers.Count > 0 ? peers.MinBy(entry => entry.Value).Key : null;
        var goal = Report.Goal.Of(work, metric);
        return new ResultRow(
            work.Name,
            MetricText.NameOf(metric),
            ours,
            peers,
            best,
            best is not null && peers[best] > 0 ? ours / peers[best] : null,
            goal?.Text,
            !isJudged || goal is null ? null
                : isThere && ours is null ? false
                : goal.IsMet(ours, peers)
        );
    }

    public string ToJson() => JsonSerializer.Serialize(this, s_json);
}
