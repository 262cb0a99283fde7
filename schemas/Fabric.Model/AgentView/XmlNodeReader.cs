using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Xml.Linq;
using Fabric.Primitives;

namespace Fabric.Model.AgentView;

/// <summary>
/// Reads the children of one element by local name (a stanza's default namespace may have been inherited). What is missing or
/// malformed gives a default value and sets <see cref="Error"/>; the first error stays.
/// </summary>
internal sealed class XmlNodeReader(XElement element, XmlNodeReader? parent = null)
{
    private const int MaxTextLength = 512;

    private string? _error;

    public string Type { get; } = parent is null ? (string?)element.Attribute("type") ?? "" : element.Name.LocalName;

    public string? Error => _error ?? (parent is null ? CheckNode() : null);

    public void Fail(string what)
    {
        _error ??= $"{Type} '{NameOrNone}': {what}";
        parent?.Fail(what);
    }

    private string NameOrNone => Find("name")?.Value ?? "";

    private string? CheckNode() =>
        element.Name.LocalName != "node" ? $"An element '{element.Name.LocalName}' stands where a node is expected."
        : Type.Length == 0 ? "A node has no type."
        : null;

    private XElement? Find(string name) => element.Elements().FirstOrDefault(child => child.Name.LocalName == name);

    public bool Has(string name) => Find(name) is not null;

    public string? OptionalText(string name) => Find(name) is { } child ? Checked(name, child.Value) : null;

    public string Text(string name)
    {
        var text = OptionalText(name);
        if (string.IsNullOrEmpty(text))
        {
            Fail($"'{name}' is missing.");
        }

        return text ?? "";
    }

    private string Checked(string name, string text)
    {
        if (text.Length <= MaxTextLength)
        {
            return text;
        }

        Fail($"'{name}' is longer than {MaxTextLength} characters.");
        return "";
    }

    public T Number<T>(string name)
        where T : struct, IBinaryInteger<T>
    {
        var text = Text(name);
        if (!T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            Fail($"'{name}' is not a number in range.");
        }

        return number;
    }

    public bool Flag(string name)
    {
        var text = Text(name);
        if (text is not ("true" or "false" or "1" or "0"))
        {
            Fail($"'{name}' is neither true nor false.");
        }

        return text is "true" or "1";
    }

    public IpAddress Address(string name) => Value<IpAddress>(name, Text(name), IpAddress.TryParse);

    public IpPrefix Prefix(string name) => Value<IpPrefix>(name, Text(name), IpPrefix.TryParse);

    public MacAddress Mac(string name) => Value<MacAddress>(name, Text(name), MacAddress.TryParse);

    public T Word<T>(string name, string text, Func<string, T?> parse)
        where T : struct
    {
        var value = parse(text);
        if (value is null)
        {
            Fail($"'{name}' has an unknown value.");
        }

        return value ?? default;
    }

    public EquatableArray<string> Texts(string name) => [.. All(name).Select(child => Checked(name, child.Value))];

    public EquatableArray<IpAddress> Addresses(string name) =>
        [.. All(name).Select(child => Value<IpAddress>(name, child.Value, IpAddress.TryParse))];

    public EquatableArray<T> Children<T>(string name, Func<XmlNodeReader, T> decode) =>
        [.. All(name).Select(child => decode(new XmlNodeReader(child, this)))];

    private IEnumerable<XElement> All(string name) => element.Elements().Where(child => child.Name.LocalName == name);

    private delegate bool TryParse<T>([NotNullWhen(true)] string? text, out T value);

    private T Value<T>(string name, string text, TryParse<T> parse)
    {
        if (!parse(text, out var value))
        {
            Fail($"'{name}' is malformed.");
        }

        return value;
    }
}
