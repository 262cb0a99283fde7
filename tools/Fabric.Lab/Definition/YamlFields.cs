using System.Globalization;
using System.Net;
using YamlDotNet.RepresentationModel;

namespace Fabric.Lab.Definition;

/// <summary>
/// Reads the keys of one YAML mapping and notes every error with its line, so that a person sees all of them at once.
/// A key that nobody asked for is an error too: it is a typing mistake that would otherwise do nothing.
/// </summary>
internal sealed class YamlFields(YamlMappingNode node, string path, ICollection<string> errors)
{
    private readonly HashSet<string> known = [];

    public string Name(string key)
    {
        var text = Text(key);
        if (text is not null && !IsName(text))
        {
            Error(
                Find(key),
                key,
                $"'{text}' must be lower-case letters, digits and '-', start with a letter, and have at most 11 characters"
            );
        }

        return text ?? "";
    }

    public string? Text(string key, bool required = true)
    {
        switch (Find(key))
        {
            case YamlScalarNode { Value: { Length: > 0 } value }:
                return value;
            case null when !required:
                return null;
            case null:
                Error(null, key, "is missing");
                return null;
            case var other:
                Error(other, key, "must be a single value");
                return null;
        }
    }

    public string OneOf(string key, params string[] allowed)
    {
        var text = Text(key);
        if (text is not null && !allowed.Contains(text))
        {
            Error(Find(key), key, $"'{text}' is none of: {string.Join(", ", allowed)}");
        }

        return text ?? allowed[0];
    }

    public uint Number(string key, uint least, uint most)
    {
        if (Text(key) is not { } text)
        {
            return least;
        }

        if (uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
        {
            return value;
        }

        Error(Find(key), key, $"'{text}' must be a number from {least} to {most}");
        return least;
    }

    public IPAddress Address(string key) => ParseAddress(Text(key), Find(key), key);

    public IPNetwork Prefix(string key)
    {
        if (Text(key) is not { } text)
        {
            return default;
        }

        // IPNetwork clears host bits; here they are a typing mistake.
        if (IPNetwork.TryParse(text, out var prefix) && prefix.BaseAddress.GetAddressBytes().Length == 4 && prefix.ToString() == text)
        {
            return prefix;
        }

        Error(Find(key), key, $"'{text}' must be an IPv4 prefix without host bits, such as 10.1.0.0/24");
        return default;
    }

    public List<string> Names(string key) => [.. Scalars(key).Select(scalar => scalar.Value ?? "")];

    public List<IPAddress> Addresses(string key) => [.. Scalars(key).Select(scalar => ParseAddress(scalar.Value, scalar, key))];

    public YamlFields Child(string key)
    {
        if (Find(key) is YamlMappingNode mapping)
        {
            return new YamlFields(mapping, $"{path}{key}.", errors);
        }

        Error(Find(key), key, "must be a mapping");
        return new YamlFields([], $"{path}{key}.", []);
    }

    public List<T> List<T>(string key, Func<YamlFields, T> read)
    {
        var result = new List<T>();
        foreach (var (item, index) in Items(key).Select((item, index) => (item, index)))
        {
            if (item is not YamlMappingNode mapping)
            {
                Error(item, $"{key}[{index}]", "must be a mapping");
                continue;
            }

            var fields = new YamlFields(mapping, $"{path}{key}[{index}].", errors);
            result.Add(read(fields));
            fields.Finish();
        }

        return result;
    }

    /// <summary>Notes every key that was not read.</summary>
    public void Finish()
    {
        foreach (var key in node.Children.Keys.OfType<YamlScalarNode>().Where(key => !known.Contains(key.Value ?? "")))
        {
            Error(key, key.Value ?? "", "is not a key of this file");
        }
    }

    public void Error(YamlNode? at, string key, string problem) => errors.Add($"line {(at ?? node).Start.Line}: {path}{key} {problem}");

    private IEnumerable<YamlScalarNode> Scalars(string key)
    {
        foreach (var item in Items(key))
        {
            if (item is YamlScalarNode scalar)
            {
                yield return scalar;
            }
            else
            {
                Error(item, key, "must be a list of single values");
            }
        }
    }

    private IEnumerable<YamlNode> Items(string key)
    {
        switch (Find(key))
        {
            case null:
                return [];
            case YamlSequenceNode sequence:
                return sequence.Children;
            case var other:
                Error(other, key, "must be a list");
                return [];
        }
    }

    private YamlNode? Find(string key)
    {
        known.Add(key);
        return node.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;
    }

    private IPAddress ParseAddress(string? text, YamlNode? at, string key)
    {
        // Four parts: IPAddress also takes "10.1" for 10.0.0.1.
        if (text is not null && text.Split('.').Length == 4 && IPAddress.TryParse(text, out var address))
        {
            return address;
        }

        if (text is not null)
        {
            Error(at, key, $"'{text}' must be an IPv4 address");
        }

        return IPAddress.Any;
    }

    // A name becomes a link name ("tap-NAME"), and Linux allows 15 characters.
    private static bool IsName(string text) =>
        text.Length is > 0 and <= 11
        && char.IsAsciiLetterLower(text[0])
        && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');
}
