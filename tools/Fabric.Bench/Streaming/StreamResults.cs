using System.Globalization;
using Fabric.Bench.Datapath.Report;
using Fabric.Bench.Report;

namespace Fabric.Bench.Streaming;

/// <summary>What the rounds of one work gave. The median counts, of what may not be lost the worst round.</summary>
internal sealed class StreamResults(string work)
{
    private readonly Dictionary<StreamMeasure, List<double>> _values = [];

    public void Add(IReadOnlyDictionary<StreamMeasure, double> values)
    {
        foreach (var (measure, value) in values)
        {
            if (!_values.TryGetValue(measure, out var rounds))
            {
                _values.Add(measure, rounds = []);
            }

            rounds.Add(value);
        }
    }

    public IEnumerable<ResultRow> Rows() =>
        _values.Select(entry =>
        {
            var value = Judged(entry.Key, Spread.Of(entry.Value)!.Value);
            return new ResultRow(
                work,
                entry.Key.Name,
                value,
                new Dictionary<string, double>(StringComparer.Ordinal),
                null,
                null,
                entry.Key.GoalText,
                entry.Key.IsMet(value)
            );
        });

    public void Print(TextWriter output)
    {
        output.WriteLine();
        output.WriteLine(work);
        foreach (var (measure, values) in _values)
        {
            var spread = Spread.Of(values)!.Value;
            string Text(double value) => value.ToString(measure.Format, CultureInfo.InvariantCulture);
            var verdict = measure.IsMet(Judged(measure, spread)) switch
            {
                true => $"goal {measure.GoalText}: met",
                false => $"goal {measure.GoalText}: NOT MET",
                null => "",
            };
            output.WriteLine(
                $"  {measure.Name, -58} {Text(spread.Median), 10} ({Text(spread.Low)} to {Text(spread.High)})  {verdict}".TrimEnd()
            );
        }

        output.WriteLine();
    }

    // A loss is none that another round makes good.
    private static double Judged(StreamMeasure measure, Spread spread) => measure.Goal == 0 ? spread.High : spread.Median;
}
