using System.Globalization;
using System.Text.Json;

namespace Fabric.Cli.Output;

/// <summary>Reads what a data plane's status says of the kernel's programs.</summary>
internal static class FlowCache
{
    /// <summary>How they are attached; null when there are none.</summary>
    public static string? Hook(JsonElement status) => Cache(status)?.Text("hook");

    /// <summary>Why there are none; null when there are.</summary>
    public static string? Problem(JsonElement status) => Cache(status)?.Text("problem");

    /// <summary>One line: how many packets were finished in the kernel, and why others came up.</summary>
    public static string Describe(JsonElement status)
    {
        if (Hook(status) is not { } hook || Cache(status)?.At("counters") is not { } counters)
        {
            return $"no flow cache: {Problem(status) ?? "the data plane says nothing of it"}";
        }

        var hits = Number(counters, "hits");
        var up = Number(counters, "misses") + Number(counters, "stale") + Number(counters, "exceptions");
        var ratio = hits + up == 0 ? "no packets yet" : $"{Ratio(hits, up)} % of {hits + up} packets hit";
        return $"flow cache by {hook}: {ratio}, {counters.Text("made")} connections made, {counters.Text("misses")} missed, {counters.Text("stale")} stale, "
            + $"{counters.Text("exceptions")} for C# alone, {counters.Text("lost")} lost, {counters.Text("limited")} above the miss rate";
    }

    private static JsonElement? Cache(JsonElement status) => status.At("packet-io")?.At("cache");

    private static ulong Number(JsonElement counters, string name) =>
        ulong.TryParse(counters.Text(name), CultureInfo.InvariantCulture, out var value) ? value : 0;

    // Cut, not rounded: 100 % says that nothing came up.
    private static string Ratio(ulong hits, ulong up) =>
        (Math.Floor(1000.0 * hits / (hits + up)) / 10).ToString("0.0", CultureInfo.InvariantCulture);
}
