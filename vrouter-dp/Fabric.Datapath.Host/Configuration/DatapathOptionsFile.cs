using System.Globalization;
using System.Net;
using System.Numerics;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Fabric.Datapath.Host.Configuration;

/// <summary>
/// Reads the YAML file of fabric-dp. All faults are reported at once; a key that is not known is a fault, since a misspelt one would
/// otherwise be a default in silence.
/// <code>
/// node: host1                  # required
/// uplink: eth0                 # required
/// run-dir: /run/fabric/host1   # default /run/fabric/NODE
/// flow-table-size: 32768       # flow pairs, a power of two
/// api: 127.0.0.1:9093          # null: unix socket only
/// </code>
/// </summary>
public static partial class DatapathOptionsFile
{
    // IFNAMSIZ less the terminating zero.
    private const int MaxDeviceName = 15;

    // sun_path is 108 octets with its zero; "/dp-api.sock" takes twelve.
    private const int MaxRunDirectory = 95;

    private static readonly IPEndPoint DefaultApi = new(IPAddress.Loopback, 9093);

    /// <exception cref="DatapathOptionsException">The file cannot be read or has faults.</exception>
    public static DatapathOptions Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DatapathOptionsException($"{path}: cannot be read: {exception.Message}", exception);
        }
    }

    /// <param name="text">The file's contents.</param>
    /// <param name="path">Named in faults.</param>
    /// <exception cref="DatapathOptionsException">The text has faults.</exception>
    public static DatapathOptions Parse(string text, string path)
    {
        var faults = new List<string>();
        var keys = new Keys(ReadMapping(text, path), path, faults);
        var node = keys.Take("node", required: true);
        keys.Check(node, "node", NodeName().IsMatch, "1 to 63 letters, digits, '-', '_' or '.', a letter first");
        var uplink = keys.Take("uplink", required: true);
        keys.Check(uplink, "uplink", IsDeviceName, "the name of a network device, at most 15 characters, for example eth0");
        var runDirectory = keys.Take("run-dir", required: false) ?? $"/run/fabric/{node}";
        keys.Check(runDirectory, "run-dir", IsRunDirectory, $"an absolute path of at most {MaxRunDirectory} octets");
        var size = keys.Take("flow-table-size", required: false);
        keys.Check(
            size,
            "flow-table-size",
            static value => ParseSize(value) is not null,
            $"a power of two from {DatapathOptions.MinFlowTableSize} to {DatapathOptions.MaxFlowTableSize}"
        );
        var api = keys.Take("api", required: false);
        keys.Check(api, "api", static value => IsNull(value) || ParseEndPoint(value) is not null, "ADDRESS:PORT, or null to switch it off");
        keys.RejectUnknown();
        if (faults.Count > 0)
        {
            throw new DatapathOptionsException(string.Join('\n', faults));
        }

        return new DatapathOptions(
            node!,
            uplink!,
            runDirectory,
            size is null ? DatapathOptions.DefaultFlowTableSize : ParseSize(size)!.Value,
            api is null ? DefaultApi : ParseEndPoint(api)
        );
    }

    private static YamlMappingNode ReadMapping(string text, string path)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents.Count == 1 && stream.Documents[0].RootNode is YamlMappingNode mapping
                ? mapping
                : throw new DatapathOptionsException($"{path}: expected one YAML mapping with at least the keys node and uplink");
        }
        catch (YamlException exception)
        {
            throw new DatapathOptionsException($"{path}:{exception.Start.Line}: not valid YAML: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // YamlDotNet also ends so, without a line, on some text that is no YAML: a comment inside an unclosed brace, for one.
            throw new DatapathOptionsException($"{path}: not valid YAML; check brackets, braces and comments", exception);
        }
    }

    private static bool IsDeviceName(string name) =>
        name.Length is > 0 and <= MaxDeviceName
        && name is not ("." or "..")
        && !name.Any(static c => char.IsWhiteSpace(c) || c is '/' or ':' or '"' || char.IsControl(c));

    private static bool IsRunDirectory(string path) =>
        Path.IsPathFullyQualified(path) && System.Text.Encoding.UTF8.GetByteCount(path) <= MaxRunDirectory;

    private static bool IsNull(string value) => value is "null" or "~" or "";

    private static int? ParseSize(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
        && size is >= DatapathOptions.MinFlowTableSize and <= DatapathOptions.MaxFlowTableSize
        && BitOperations.IsPow2(size)
            ? size
            : null;

    private static IPEndPoint? ParseEndPoint(string value) =>
        value.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(value, out var endPoint) && endPoint.Port > 0
            ? endPoint
            : null;

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9._-]{0,62}$", RegexOptions.CultureInvariant)]
    private static partial Regex NodeName();

    /// <summary>The keys of the mapping; each is taken once, what is left is unknown.</summary>
    private sealed class Keys(YamlMappingNode mapping, string path, List<string> faults)
    {
        private readonly HashSet<string> _known = new(StringComparer.Ordinal);

        public string? Take(string key, bool required)
        {
            _known.Add(key);
            if (!mapping.Children.TryGetValue(new YamlScalarNode(key), out var value))
            {
                if (required)
                {
                    faults.Add($"{path}: key '{key}' is missing");
                }

                return null;
            }

            if (value is YamlScalarNode scalar)
            {
                return scalar.Value ?? "";
            }

            faults.Add($"{path}:{value.Start.Line}: key '{key}': expected one value, not a list or a mapping");
            return null;
        }

        public void Check(string? value, string key, Func<string, bool> isValid, string expected)
        {
            if (value is not null && !isValid(value) && mapping.Children.TryGetValue(new YamlScalarNode(key), out var node))
            {
                faults.Add($"{path}:{node.Start.Line}: key '{key}': '{value}' is not {expected}");
            }
        }

        public void RejectUnknown()
        {
            foreach (var (key, _) in mapping.Children)
            {
                if (key is not YamlScalarNode { Value: { } name } || !_known.Contains(name))
                {
                    faults.Add($"{path}:{key.Start.Line}: key '{key}' is not known; known are {string.Join(", ", _known)}");
                }
            }
        }
    }
}
