using System.Diagnostics;
using System.Globalization;
using Fabric.Lab.Definition;

namespace Fabric.Lab.Checks;

/// <summary>Runs the points in order and prints a line for each: <c>ok N title (figures)</c> or <c>FAIL N title: cause</c>.</summary>
internal static class CheckCommand
{
    private static readonly IReadOnlyList<CheckPoint> Points =
    [
        new AddressPoint(),
        new ResolutionPoint(),
        new EncapsulationPoint(),
        new IsolationPoint(),
        new SecurityGroupPoint(),
        new GatewayPoint(),
        new MembershipPoint(),
        new RestartPoint(),
        new ThroughputPoint(),
        new FlowStreamPoint(),
    ];

    public static async Task<int> RunAsync(LabDefinition lab, LabPaths paths, IReadOnlyList<string> words)
    {
        if (!Directory.Exists(paths.Runtime))
        {
            throw new LabException("the lab is down; run tools/lab up");
        }

        var context = new CheckContext(lab, paths);
        var failed = 0;
        foreach (var point in Chosen(words))
        {
            failed += await HoldsAsync(point, context) ? 0 : 1;
        }

        return failed == 0 ? 0 : 1;
    }

    private static IEnumerable<CheckPoint> Chosen(IReadOnlyList<string> words) =>
        words switch
        {
            [] => Points,
            ["--point", var text]
                when int.TryParse(text, CultureInfo.InvariantCulture, out var number)
                    && Points.FirstOrDefault(point => point.Number == number) is { } point => [point],
            _ => throw new LabException($"check takes nothing, or --point with a number from 1 to {Points.Count}"),
        };

    private static async Task<bool> HoldsAsync(CheckPoint point, CheckContext context)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            var figures = await point.RunAsync(context);
            Console.WriteLine($"ok {point.Number} {point.Title} ({figures}; {watch.Elapsed.TotalSeconds:0.0} s)");
            return true;
        }
        catch (Exception exception) when (exception is LabException or System.Text.Json.JsonException or OperationCanceledException)
        {
            Console.WriteLine($"FAIL {point.Number} {point.Title}: {exception.Message}");
            return false;
        }
    }
}
