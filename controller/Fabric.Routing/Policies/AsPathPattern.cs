using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Fabric.Routing.Policies;

/// <summary>
/// A regular expression over the text of an AS path, such as "65001 65002 {65003,65004}". "_" stands for an edge: a space, a comma, a brace
/// or other mark of a segment, the beginning or the end. Matching takes time that is linear in the path: there are no backreferences or lookarounds.
/// </summary>
public readonly record struct AsPathPattern
{
    /// <summary>So that no pattern makes an automaton without bounds.</summary>
    public const int MaxLength = 512;

    private AsPathPattern(string text) => Text = text;

    public string Text { get; }

    /// <summary>False for what is too long, empty, or no regular expression of the linear kind.</summary>
    public static bool TryCreate([NotNullWhen(true)] string? text, out AsPathPattern pattern)
    {
        pattern = default;
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength)
        {
            return false;
        }

        pattern = new AsPathPattern(text);
        try
        {
            pattern.ToRegex();
            return true;
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException)
        {
            pattern = default;
            return false;
        }
    }

    public static AsPathPattern Parse(string text) =>
        TryCreate(text, out var pattern) ? pattern : throw new FormatException($"'{text}' is not a pattern of AS paths.");

    internal Regex ToRegex() =>
        new(
            Text.Replace("_", "(?:^|$|[ ,{}()\\[\\]])", StringComparison.Ordinal),
            RegexOptions.NonBacktracking | RegexOptions.CultureInvariant
        );

    public override string ToString() => Text;
}
