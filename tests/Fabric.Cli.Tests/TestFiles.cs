namespace Fabric.Cli.Tests;

/// <summary>Documents that running programs served, and what the command makes of them.</summary>
internal static class TestFiles
{
    public static string Document(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Documents", name + ".json"));

    /// <summary>A stream's rows, a line each.</summary>
    public static string Rows(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Documents", name + ".ndjson"));

    public static string Expected(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Expected", name + ".txt"));
}
