using System.Text.RegularExpressions;

namespace Fabric.Testing;

/// <summary>A key of an options file as docs/configuration.md has it.</summary>
/// <param name="Sections">The cell "in", such as "group, neighbour"; of a table without one what its first heading names, as in "key of `match`", else "all".</param>
/// <param name="Default">Where the page gives it as a value and not in words.</param>
public sealed record DocumentedKey(string Key, string Sections, string? Default);

/// <summary>Reads the tables of docs/configuration.md whose first column is a key.</summary>
public static partial class DocumentedKeys
{
    /// <summary>Those below a heading, down to the next one that is named.</summary>
    public static IReadOnlyList<DocumentedKey> Between(string heading, string next)
    {
        var keys = new List<DocumentedKey>();
        string[]? columns = null;
        foreach (var line in Page().SkipWhile(line => line != heading).Skip(1).TakeWhile(line => line != next))
        {
            var cells = line.StartsWith("| ", StringComparison.Ordinal)
                ? [.. line.Trim('|').Split(" | ").Select(cell => cell.Trim())]
                : (string[])[];
            if (cells.Length == 0)
            {
                columns = line.StartsWith("|-", StringComparison.Ordinal) ? columns : null;
            }
            else if (columns is null)
            {
                columns = cells;
            }
            else if (columns[0].StartsWith("key", StringComparison.Ordinal))
            {
                keys.AddRange(Row(columns, cells));
            }
        }

        return keys;
    }

    /// <summary>The keys that a program lists in the fault of an unknown one.</summary>
    public static IReadOnlyList<string> Known(string fault) =>
        fault[(fault.IndexOf("known are ", StringComparison.Ordinal) + 10)..].Split(", ");

    private static IEnumerable<DocumentedKey> Row(string[] columns, string[] cells)
    {
        var sections =
            Array.IndexOf(columns, "in") is >= 0 and var place ? cells[place]
            : Name().Match(columns[0]) is { Success: true } of ? of.Groups["name"].Value
            : "all";
        var value = Array.IndexOf(columns, "default") is >= 0 and var column ? Value().Match(cells[column]) : Match.Empty;
        return Name().Matches(cells[0]).Select(name => new DocumentedKey(name.Groups["name"].Value, sections, ValueOf(value)));
    }

    private static string? ValueOf(Match value) => value.Success ? value.Groups["value"].Value : null;

    private static IEnumerable<string> Page()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "Fabric.sln")))
        {
            root = root.Parent;
        }

        return File.ReadLines(Path.Combine(root.FullName, "docs", "configuration.md"));
    }

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();

    [GeneratedRegex("^`(?<value>[^`]+)`$", RegexOptions.ExplicitCapture)]
    private static partial Regex Value();
}
