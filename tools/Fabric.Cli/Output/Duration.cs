using System.Globalization;
using System.Text.Json;

namespace Fabric.Cli.Output;

/// <summary>How long a session is up or down, as FRR writes it: 00:01:12, 1d02h03m, 01w2d03h.</summary>
internal static class Duration
{
    private const int DaysOfWeek = 7;

    /// <summary>How long the session of a neighbour's document is up; null where it is not.</summary>
    public static string? Up(JsonElement neighbor) => OfSeconds(neighbor, "established-seconds");

    /// <summary>How long it is down; null where it is up, and where none has been.</summary>
    public static string? Down(JsonElement neighbor) => OfSeconds(neighbor, "down-seconds");

    /// <summary>For how long its routes are held back, as it does not read; null where it does.</summary>
    public static string? Blocked(JsonElement neighbor) => OfSeconds(neighbor, "blocked-seconds");

    public static string Of(TimeSpan elapsed)
    {
        var culture = CultureInfo.InvariantCulture;
        return elapsed switch
        {
            { TotalDays: < 1 } => string.Create(culture, $"{elapsed:hh\\:mm\\:ss}"),
            { TotalDays: < DaysOfWeek } => string.Create(culture, $"{elapsed.Days}d{elapsed.Hours:00}h{elapsed.Minutes:00}m"),
            _ => string.Create(culture, $"{elapsed.Days / DaysOfWeek:00}w{elapsed.Days % DaysOfWeek}d{elapsed.Hours:00}h"),
        };
    }

    private static string? OfSeconds(JsonElement neighbor, string member) =>
        neighbor.At(member) is { } seconds ? Of(TimeSpan.FromSeconds(seconds.GetInt64())) : null;
}
