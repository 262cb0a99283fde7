using System.Text;

namespace Fabric.Cli.Output;

/// <summary>
/// What tenants and peers have written, on an operator's terminal: control characters would move its cursor, change its title or colours, or paste what nobody typed.
/// </summary>
internal static class VisibleText
{
    /// <summary>Lines stay lines; every other control character is shown as \u001B.</summary>
    public static string OfLines(string text) => Of(text, static character => character is not ('\n' or '\t'));

    /// <summary>On one line: a new line is shown as \u000A, too.</summary>
    public static string OfLine(string text) => Of(text, static _ => true);

    private static string Of(string text, Predicate<char> isShown)
    {
        if (!text.Any(char.IsControl))
        {
            return text;
        }

        var visible = new StringBuilder();
        foreach (var character in text)
        {
            _ = char.IsControl(character) && isShown(character) ? visible.Append($"\\u{(int)character:X4}") : visible.Append(character);
        }

        return visible.ToString();
    }
}
