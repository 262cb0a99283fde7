using System.Globalization;

namespace Fabric.Broker;

/// <summary>Faults on demand, a line each: "down", "up", "rtt MILLISECONDS", "errors COUNT CODE". The answer is "ok" or "error: REASON".</summary>
public sealed class ControlLines(MockCluster cluster)
{
    private const int MaxErrors = 10_000;

    public string Execute(string line)
    {
        try
        {
            return line.Split(' ', StringSplitOptions.RemoveEmptyEntries) switch
            {
                ["down"] => Done(cluster.SetDown),
                ["up"] => Done(cluster.SetUp),
                ["rtt", var text] when TryParse(text, out var milliseconds) => Done(() => cluster.SetRoundTrip(milliseconds)),
                ["errors", var many, var text] when TryParse(many, out var count) && count <= MaxErrors && TryParse(text, out var code) =>
                    Done(() => cluster.FailProduce(count, code)),
                _ => "error: known are: down, up, rtt MILLISECONDS, errors COUNT CODE",
            };
        }
        catch (InvalidOperationException exception)
        {
            return $"error: {exception.Message}";
        }
    }

    private static string Done(Action change)
    {
        change();
        return "ok";
    }

    private static bool TryParse(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
