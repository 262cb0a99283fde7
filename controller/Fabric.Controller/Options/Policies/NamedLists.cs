using Fabric.Hosting.Configuration;
using Fabric.Primitives;
using Fabric.Routing.Policies;

namespace Fabric.Controller.Options.Policies;

/// <summary>
/// What the terms of policies refer to by name.
/// <code>
/// prefix-lists:    { customers: [10.0.0.0/8 ge 16 le 24, "2001:db8::/32 le 48"] }
/// community-lists: { blackhole: ["64512:666", "64512:1:*", "target:64512:*"] }
/// as-path-lists:   { from-peer: ["^65001( |$)"] }
/// </code>
/// </summary>
internal sealed class NamedLists
{
    private readonly Dictionary<string, IReadOnlyList<PrefixRange>> _prefixes;
    private readonly Dictionary<string, IReadOnlyList<CommunityPattern>> _communities;
    private readonly Dictionary<string, IReadOnlyList<AsPathPattern>> _asPaths;

    public NamedLists(OptionsFile file)
    {
        _prefixes = Read<PrefixRange>(file, "prefix-lists", PrefixRange.TryParse, PolicyValues.PrefixRangeExpected);
        _communities = Read<CommunityPattern>(file, "community-lists", CommunityPattern.TryParse, PolicyValues.CommunityExpected);
        _asPaths = Read<AsPathPattern>(file, "as-path-lists", AsPathPattern.TryCreate, PolicyValues.AsPathExpected);
    }

    /// <summary>The ranges of key prefixes, and those of the lists that prefix-lists names.</summary>
    public EquatableArray<PrefixRange> Prefixes(OptionsFile match) =>
        Join<PrefixRange>(match, ("prefixes", "prefix-lists"), _prefixes, PrefixRange.TryParse, PolicyValues.PrefixRangeExpected);

    /// <param name="keys">The key of patterns, and that of names of lists.</param>
    public EquatableArray<CommunityPattern> Communities(OptionsFile match, (string Items, string Lists) keys) =>
        Join<CommunityPattern>(match, keys, _communities, CommunityPattern.TryParse, PolicyValues.CommunityExpected);

    public EquatableArray<AsPathPattern> AsPaths(OptionsFile match) =>
        Join<AsPathPattern>(match, ("as-paths", "as-path-lists"), _asPaths, AsPathPattern.TryCreate, PolicyValues.AsPathExpected);

    private static Dictionary<string, IReadOnlyList<T>> Read<T>(
        OptionsFile file,
        string key,
        OptionsFile.TryParse<T> parse,
        string expected
    )
    {
        var lists = new Dictionary<string, IReadOnlyList<T>>(StringComparer.Ordinal);
        if (file.Section(key) is { } section)
        {
            foreach (var name in section.Names)
            {
                lists[name] = section.List(name, parse, expected);
                if (lists[name].Count == 0)
                {
                    // A condition without items always holds: the opposite of what an empty list looks like.
                    section.Reject(name, "the list is empty");
                }
            }
        }

        return lists;
    }

    private static EquatableArray<T> Join<T>(
        OptionsFile match,
        (string Items, string Lists) keys,
        Dictionary<string, IReadOnlyList<T>> known,
        OptionsFile.TryParse<T> parse,
        string expected
    )
    {
        var items = new List<T>(PolicyValues.NotEmpty(match, keys.Items, parse, expected));
        foreach (var name in PolicyValues.NotEmpty<string>(match, keys.Lists, OptionValues.Text, "the name of a list"))
        {
            if (known.TryGetValue(name ?? "", out var list))
            {
                items.AddRange(list);
            }
            else
            {
                match.Reject(
                    keys.Lists,
                    $"there is no '{name}' in '{ListSection(keys.Lists)}'; {OptionWords.Known(name ?? "", known.Keys)}"
                );
            }
        }

        return [.. items];
    }

    // "all-community-lists" names lists of "community-lists" too.
    private static string ListSection(string key) => key.EndsWith("community-lists", StringComparison.Ordinal) ? "community-lists" : key;
}
