using System.Globalization;
using Fabric.Bench.Datapath.Works;

namespace Fabric.Bench.Datapath.Report;

/// <summary>What one of ours has to reach in a work: a value, or a share of a peer's.</summary>
/// <param name="Peer">Null: the value itself.</param>
/// <param name="IsStretch">Beyond what has to be.</param>
internal sealed record Goal(string Contender, Measure Measure, double Value, string? Peer, bool IsStretch = false)
{
    public string Text =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(Measure.IsLessBetter ? "<=" : ">=")} {Value:0.##}{(Peer is null ? "" : $" x {Peer}")}{(IsStretch ? " (stretch)" : "")}"
        );

    /// <summary>Met when the better end of the interval reaches it; null where there is none.</summary>
    public bool? IsMet(RoundTable rounds) =>
        (Peer is null ? rounds.Of(Contender, Measure) : rounds.Ratio(Contender, Peer, Measure)) is { } spread
            ? Measure.IsLessBetter
                ? spread.Low <= Value
                : spread.High >= Value
            : null;
}
