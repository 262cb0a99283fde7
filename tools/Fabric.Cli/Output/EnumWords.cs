using System.Text;

namespace Fabric.Cli.Output;

internal static class EnumWords
{
    /// <summary>"AwaitsConfig" as "awaits config".</summary>
    public static string Words(this string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0)
            {
                text.Append(' ');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
