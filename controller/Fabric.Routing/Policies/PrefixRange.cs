using System.Diagnostics.CodeAnalysis;
using Fabric.Primitives;

namespace Fabric.Routing.Policies;

/// <summary>An item of a prefix list: the prefixes inside of one prefix whose length is in a range.</summary>
public readonly record struct PrefixRange
{
    private PrefixRange(IpPrefix prefix, byte shortest, byte longest)
    {
        Prefix = prefix;
        Shortest = shortest;
        Longest = longest;
    }

    public IpPrefix Prefix { get; }

    public byte Shortest { get; }

    public byte Longest { get; }

    /// <summary>The prefix itself and no other.</summary>
    public static PrefixRange Exactly(IpPrefix prefix) => new(prefix, prefix.Length, prefix.Length);

    /// <summary>
    /// As of a prefix list: neither bound is the prefix alone; "ge" alone goes on to the longest length; "le" alone begins at the prefix's own.
    /// False unless prefix length &lt;= ge &lt;= le &lt;= 32 or 128.
    /// </summary>
    public static bool TryCreate(IpPrefix prefix, int? ge, int? le, out PrefixRange range)
    {
        var longest = le ?? (ge is null ? prefix.Length : IpPrefix.MaxLength(prefix.Kind));
        var shortest = ge ?? prefix.Length;
        var isValid = prefix.Length <= shortest && shortest <= longest && longest <= IpPrefix.MaxLength(prefix.Kind);
        range = isValid ? new PrefixRange(prefix, (byte)shortest, (byte)longest) : default;
        return isValid;
    }

    /// <summary>Parses "10.0.0.0/8", "10.0.0.0/8 ge 16", "10.0.0.0/8 le 24" and "10.0.0.0/8 ge 16 le 24".</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PrefixRange range)
    {
        range = default;
        var words = text?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (words.Length is not (1 or 3 or 5) || !IpPrefix.TryParse(words[0], out var prefix))
        {
            return false;
        }

        int? ge = null;
        int? le = null;
        for (var i = 1; i < words.Length; i += 2)
        {
            if (!byte.TryParse(words[i + 1], out var length))
            {
                return false;
            }

            switch (words[i])
            {
                case "ge" when ge is null:
                    ge = length;
                    break;
                case "le" when le is null:
                    le = length;
                    break;
                default:
                    return false;
            }
        }

        return TryCreate(prefix, ge, le, out range);
    }

    public static PrefixRange Parse(string text) =>
        TryParse(text, out var range) ? range : throw new FormatException($"'{text}' is not a range of prefixes.");

    public bool Contains(IpPrefix prefix) => prefix.Length >= Shortest && prefix.Length <= Longest && Prefix.Contains(prefix);

    public override string ToString() =>
        Shortest == Prefix.Length && Longest == Shortest ? $"{Prefix}" : $"{Prefix} ge {Shortest} le {Longest}";
}
