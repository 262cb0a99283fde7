using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;

namespace Fabric.Cli.Tests.Support;

/// <summary>The parts of a support bundle, by name.</summary>
internal sealed class Unpacked
{
    private readonly Dictionary<string, string> _parts = new(StringComparer.Ordinal);

    public Unpacked(string file)
    {
        using var reader = new TarReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        while (reader.GetNextEntry() is { } entry)
        {
            using var text = new StreamReader(entry.DataStream ?? Stream.Null);
            _parts.Add(entry.Name, text.ReadToEnd());
        }
    }

    public IReadOnlyDictionary<string, string> Parts => _parts;

    public JsonElement Manifest => JsonDocument.Parse(_parts["manifest.json"]).RootElement;

    /// <summary>What the manifest says of a part that is missing or odd.</summary>
    public string? Note(string part) =>
        Manifest
            .GetProperty("parts")
            .EnumerateArray()
            .First(one => one.GetProperty("name").GetString() == part)
            .GetProperty("note")
            .GetString();
}
