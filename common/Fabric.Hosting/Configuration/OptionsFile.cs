using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Fabric.Hosting.Configuration;

/// <summary>
/// The YAML file of a program: one mapping whose keys the program takes one by one. All faults are gathered and reported at
/// once by <see cref="Finish"/>; a key that nobody took is a fault, since a misspelt one would otherwise be a default in silence.
/// </summary>
public sealed class OptionsFile
{
    private readonly YamlMappingNode _mapping;
    private readonly string _path;
    private readonly string _prefix;
    private readonly List<string> _faults;
    private readonly List<OptionsFile> _sections = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    private OptionsFile(YamlMappingNode mapping, string path, string prefix, List<string> faults)
    {
        _mapping = mapping;
        _path = path;
        _prefix = prefix;
        _faults = faults;
    }

    /// <summary>Turns the text of a value into the value; false when it is not one.</summary>
    public delegate bool TryParse<T>(string text, out T value);

    /// <exception cref="OptionsException">The file cannot be read or is not one YAML mapping.</exception>
    public static OptionsFile Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OptionsException($"{path}: cannot be read: {exception.Message}", exception);
        }
    }

    /// <param name="text">The file's contents.</param>
    /// <param name="path">Named in faults.</param>
    /// <exception cref="OptionsException">The text is not one YAML mapping.</exception>
    public static OptionsFile Parse(string text, string path)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents.Count == 1 && stream.Documents[0].RootNode is YamlMappingNode mapping
                ? new OptionsFile(mapping, path, "", [])
                : throw new OptionsException($"{path}: expected one YAML mapping of keys and values");
        }
        catch (YamlException exception)
        {
            throw new OptionsException(
                $"{path}:{exception.Start.Line}:{exception.Start.Column}: not valid YAML: {exception.Message}",
                exception
            );
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // YamlDotNet also ends so, without a line, on some text that is no YAML: a comment inside an unclosed brace, for one.
            throw new OptionsException($"{path}: not valid YAML; check brackets, braces and comments", exception);
        }
    }

    /// <summary>The keys, where the operator gives them their names.</summary>
    public IEnumerable<string> Names => _mapping.Children.Keys.OfType<YamlScalarNode>().Select(node => node.Value ?? "");

    /// <summary>A value that must be there; the default of its type when it is faulty, since <see cref="Finish"/> will throw.</summary>
    public T Required<T>(string key, TryParse<T> parse, string expected)
    {
        if (Find(key) is null)
        {
            _faults.Add($"{At(_mapping)}: key '{_prefix}{key}' is missing; expected {expected}");
            return default!;
        }

        return Optional(key, parse, expected, default!);
    }

    public T Optional<T>(string key, TryParse<T> parse, string expected, T otherwise)
    {
        if (Find(key) is not { } node)
        {
            return otherwise;
        }

        return ParseScalar(key, node, parse, expected, otherwise);
    }

    /// <summary>As <see cref="Optional{T}"/>, of a value that no fault quotes: faults are shown, and logged when the file is read again.</summary>
    public T Secret<T>(string key, TryParse<T> parse, string expected, T otherwise)
    {
        switch (Find(key))
        {
            case null:
                return otherwise;
            case YamlScalarNode { Value: { } text } when parse(text, out var value):
                return value;
            case { } node:
                _faults.Add($"{At(node)}: key '{_prefix}{key}': what stands here is not {expected}");
                return otherwise;
        }
    }

    /// <summary>A value that "null" (or an empty value) switches off.</summary>
    public T? Nullable<T>(string key, TryParse<T> parse, string expected, T? otherwise)
        where T : class =>
        Find(key) is YamlScalarNode { Value: null or "" or "~" or "null" }
            ? null
            : Optional<T?>(key, (string text, out T? value) => parse(text, out value!), expected + ", or null to switch it off", otherwise);

    /// <summary>A list of values; one bare value is a list of one.</summary>
    public IReadOnlyList<T> List<T>(string key, TryParse<T> parse, string expected)
    {
        var values = new List<T>();
        switch (Find(key))
        {
            case null:
                break;
            case YamlSequenceNode sequence:
                foreach (var item in sequence.Children)
                {
                    values.Add(ParseScalar(key, item, parse, expected, default!));
                }

                break;
            case { } single:
                values.Add(ParseScalar(key, single, parse, expected, default!));
                break;
        }

        return values;
    }

    /// <summary>A mapping under a key; its faults are reported with this file's.</summary>
    public OptionsFile? Section(string key)
    {
        switch (Find(key))
        {
            case null:
                return null;
            case YamlMappingNode mapping:
                var section = new OptionsFile(mapping, _path, $"{_prefix}{key}.", _faults);
                _sections.Add(section);
                return section;
            case { } node:
                _faults.Add($"{At(node)}: key '{_prefix}{key}': expected a mapping");
                return null;
        }
    }

    /// <summary>A list of mappings under a key.</summary>
    public IReadOnlyList<OptionsFile> Sections(string key)
    {
        switch (Find(key))
        {
            case null:
                return [];
            case YamlSequenceNode sequence when sequence.Children.All(child => child is YamlMappingNode):
                var sections = sequence.Children.Select(
                    (child, index) => new OptionsFile((YamlMappingNode)child, _path, $"{_prefix}{key}[{index}].", _faults)
                );
                var found = sections.ToList();
                _sections.AddRange(found);
                return found;
            case { } node:
                _faults.Add($"{At(node)}: key '{_prefix}{key}': expected a list of mappings");
                return [];
        }
    }

    /// <summary>A mapping of names that the operator gives to mappings, in the order of the file.</summary>
    public IReadOnlyList<(string Name, OptionsFile Section)> NamedSections(string key)
    {
        var named = new List<(string Name, OptionsFile Section)>();
        if (Section(key) is not { } all)
        {
            return named;
        }

        foreach (var name in all.Names)
        {
            if (all.Section(name) is { } section)
            {
                named.Add((name, section));
            }
        }

        return named;
    }

    public bool Has(string key) => Find(key) is not null;

    /// <summary>Adds a fault that only the program can see.</summary>
    public void Reject(string key, string fault) => _faults.Add($"{At(Find(key) ?? _mapping)}: key '{_prefix}{key}': {fault}");

    /// <exception cref="OptionsException">There were faults or unknown keys; the message lists them all.</exception>
    public void Finish()
    {
        RejectUnknown();
        if (_faults.Count > 0)
        {
            throw new OptionsException(string.Join('\n', _faults.Distinct()));
        }
    }

    private void RejectUnknown()
    {
        foreach (var key in _mapping.Children.Keys)
        {
            if (key is not YamlScalarNode { Value: { } name } || !_known.Contains(name))
            {
                _faults.Add($"{At(key)}: key '{_prefix}{key}' is not known; {OptionWords.Known(key.ToString(), _known)}");
            }
        }

        foreach (var section in _sections)
        {
            section.RejectUnknown();
        }
    }

    private string At(YamlNode node) => $"{_path}:{node.Start.Line}:{node.Start.Column}";

    private YamlNode? Find(string key)
    {
        _known.Add(key);
        return _mapping.Children.TryGetValue(new YamlScalarNode(key), out var node) ? node : null;
    }

    private T ParseScalar<T>(string key, YamlNode node, TryParse<T> parse, string expected, T otherwise)
    {
        if (node is YamlScalarNode { Value: { } text } && parse(text, out var value))
        {
            return value;
        }

        var found = node is YamlScalarNode scalar ? $"'{scalar.Value}'" : "a list or a mapping";
        _faults.Add($"{At(node)}: key '{_prefix}{key}': {found} is not {expected}");
        return otherwise;
    }
}
