using System.Globalization;
using Fabric.Bench.Datapath.Works;

namespace Fabric.Bench.Datapath.Report;

/// <summary>What a person reads.</summary>
internal static class Tables
{
    private const int NameWidth = 15;
    private const int CellWidth = 28;

    public static string Value(double value, Measure measure) => value.ToString(measure.Format, CultureInfo.InvariantCulture);

    public static void Print(TextWriter output, string work, RoundTable rounds)
    {
        output.WriteLine();
        output.WriteLine(work.PadRight(NameWidth) + string.Concat(rounds.Measures.Select(measure => measure.Name.PadLeft(CellWidth))));
        foreach (var contender in rounds.Contenders)
        {
            var cells = rounds.Measures.Select(measure => rounds.Of(contender, measure) is { } spread ? Cell(spread, measure) : "-");
            output.WriteLine(contender.PadRight(NameWidth) + string.Concat(cells.Select(cell => cell.PadLeft(CellWidth))));
        }

        foreach (var goal in Goals.Of(work))
        {
            if (goal.IsMet(rounds) is { } isMet)
            {
                var ratio = goal.Peer is { } peer
                    ? rounds.Ratio(goal.Contender, peer, goal.Measure)
                    : rounds.Of(goal.Contender, goal.Measure);
                var interval = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{ratio!.Value.Median:0.00} ({ratio.Value.Low:0.00}-{ratio.Value.High:0.00})"
                );
                output.WriteLine(
                    $"  {goal.Contender, -12} {goal.Measure.Name, -28} {goal.Text, -32} {interval, -20} {(isMet ? "met" : "NOT MET")}"
                );
            }
        }

        output.WriteLine();
    }

    private static string Cell(Spread spread, Measure measure) =>
        $"{Value(spread.Median, measure)} ({Value(spread.Low, measure)}-{Value(spread.High, measure)})";
}
