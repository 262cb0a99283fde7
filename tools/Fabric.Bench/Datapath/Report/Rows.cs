using Fabric.Bench.Datapath.Works;
using Fabric.Bench.Report;

namespace Fabric.Bench.Datapath.Report;

/// <summary>
/// The lines of the JSON file for one work: one for each goal of each of ours, and one for what has no goal. The metric names which of ours it
/// is; best_peer and ratio are the goal's peer and the median of the ratios to it, without a goal those of the best peer.
/// </summary>
internal static class Rows
{
    public static IReadOnlyList<ResultRow> Of(string work, RoundTable rounds) =>
        [
            .. rounds
                .Contenders.Where(Contender.Ours.Contains)
                .SelectMany(ours => rounds.Measures.SelectMany(measure => Of(work, rounds, ours, measure))),
        ];

    private static IEnumerable<ResultRow> Of(string work, RoundTable rounds, string ours, Measure measure)
    {
        if (rounds.Of(ours, measure) is not { } value)
        {
            return [];
        }

        var goals = Goals.Of(work).Where(goal => goal.Contender == ours && goal.Measure == measure).ToList();
        var peers = rounds
            .Contenders.Where(name => name != ours && rounds.Of(name, measure) is not null)
            .ToDictionary(name => name, name => rounds.Of(name, measure)!.Value.Median, StringComparer.Ordinal);
        return goals.Count > 0 ? goals.Select(goal => Row(goal)) : [Row(null)];

        ResultRow Row(Goal? goal)
        {
            var peer = goal is null ? Best(peers, measure) : goal.Peer;
            return new ResultRow(
                work,
                $"{measure.Name}, {ours}",
                value.Median,
                peers,
                peer,
                peer is null ? null : rounds.Ratio(ours, peer, measure)?.Median,
                goal?.Text,
                goal?.IsMet(rounds)
            );
        }
    }

    // Our other variants are no peers of ours.
    private static string? Best(Dictionary<string, double> all, Measure measure)
    {
        var peers = all.Where(entry => Contender.Peers.Contains(entry.Key))
            .OrderBy(entry => entry.Value)
            .Select(entry => entry.Key)
            .ToList();
        return measure.IsLessBetter ? peers.FirstOrDefault() : peers.LastOrDefault();
    }
}
