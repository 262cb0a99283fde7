namespace Fabric.Cli.Tests;

/// <summary>Documents that running programs served, and what the command makes of them.</summary>
internal static class TestFiles
{
    public static string Document(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Documents", name + ".json"));

    public static string Expected(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Expected", name + ".txt"));
}
