using Fabric.Bench.Runs;

namespace Fabric.Bench.Report;

/// <summary>What Fabric has to reach: a limit, or a share of a peer's value ("best": of the best one's).</summary>
internal sealed record Goal(double Value, string? Peer)
{
    public const int FullSize = 1_000_000;
    private const string Bird = "bird";
    private const string Best = "best";

    public string Text => Peer is null ? $"<= {Value:0.##}" : $"<= {Value:0.##} x {Peer}";

    public static Goal? Of(Work work, Metric metric) =>
        metric switch
        {
            Metric.Converge => work.Name switch
            {
                "1x1" => new Goal(0.4, Bird),
                "1x1-label" => new Goal(0.15, Bird),
                "1x20" => new Goal(0.12, Best),
                "10x10" => new Goal(0.15, Best),
                _ => null,
            },
            Metric.LateJoin => new Goal(0.2, Best),
            Metric.Withdraw => new Goal(0.5, Best),
            Metric.IdleMedian or Metric.LoadMedian => new Goal(1, Bird),
            Metric.LoadTail => new Goal(5, null),
            Metric.BytesPerRoute when !work.IsForAgents => new Goal(100, null),
            Metric.FullCollections when !work.IsForAgents => new Goal(0, null),
            _ => null,
        };

    /// <summary>Null where a value is missing that it is judged by.</summary>
    public bool? IsMet(double? ours, IReadOnlyDictionary<string, double> peers)
    {
        if (Peer is null)
        {
            return ours <= Value;
        }

        double? reference =
            Peer == Best ? (peers.Count > 0 ? peers.Values.Min() : null)
            : peers.TryGetValue(Peer, out var value) ? value
            : null;
        return ours is null || reference is null ? null : ours <= Value * reference;
    }
}
