namespace Fabric.Cli.Output;

/// <summary>"1 route", "2 routes".</summary>
internal static class Count
{
    public static string Of(long count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
