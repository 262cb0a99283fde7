using System.Text;
using System.Text.RegularExpressions;

namespace Fabric.Cli.Support;

/// <summary>
/// Takes secrets out of text: by the name that stands before them, by their form, and wherever else one stands that was seen under such a name.
/// </summary>
internal sealed partial class Redactor
{
    public const string Mark = "[redacted]";

    // A shorter one would be found in the middle of words everywhere, and protects nothing.
    private const int MinLength = 4;

    private static readonly string s_names = string.Join('|', SecretNames.Words.Select(Spelled));

    // What follows the name up to the end of the line, unless quotes say where it ends. Linear in the text's length: logs are others' input.
    private static readonly Regex s_named = new(
        $"""((?:{s_names})[\w.-]*["']?\s*[:=]\s*)("[^"\n]*"?|'[^'\n]*'?|[^"'\s][^\n]*)""",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking
    );

    private static readonly Regex s_argument = new(
        $"""(--[\w.-]*(?:{s_names})[\w.-]*\s+)([^\s]+)""",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking
    );

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private string[] _longestFirst = [];

    /// <summary>Remembers a secret; it is then taken out of all that follows.</summary>
    public void Learn(string secret)
    {
        if (secret.Length >= MinLength && !secret.StartsWith('[') && _known.Add(secret))
        {
            _longestFirst = [.. _known.OrderByDescending(one => one.Length)];
        }
    }

    public string Text(string text)
    {
        var result = EndOfPrivateKey().Replace(PrivateKey().Replace(text, Mark), Mark);
        foreach (var secret in _longestFirst)
        {
            result = result.Replace(secret, Mark, StringComparison.Ordinal);
        }

        result = s_argument.Replace(result, "$1" + Mark);
        result = s_named.Replace(result, "$1" + Mark);
        return UrlPassword().Replace(result, "$1" + Mark + "@");
    }

    public byte[] Text(ReadOnlySpan<byte> text) => Encoding.UTF8.GetBytes(Text(Encoding.UTF8.GetString(text)));

    // "private-key", "private_key" and "privateKey" are one name.
    private static string Spelled(string word) =>
        word.EndsWith("key", StringComparison.Ordinal) && word.Length > "key".Length ? $"{word[..^3]}[-_.]?key" : word;

    [GeneratedRegex("-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)", RegexOptions.Singleline)]
    private static partial Regex PrivateKey();

    // A text may begin inside of a key.
    [GeneratedRegex(@"\A.*-----END [A-Z ]*PRIVATE KEY-----", RegexOptions.Singleline)]
    private static partial Regex EndOfPrivateKey();

    [GeneratedRegex(@"(://[^\s/:@""]{0,256}:)[^\s/@""]{1,256}@")]
    private static partial Regex UrlPassword();
}
