namespace Fabric.Fuzz.Engine;

/// <summary>
/// A stored sequence of inputs. Lines at the head that begin with '#' say where they come from. In a <c>.hex</c> file each further line is
/// an input; what follows in a <c>.txt</c> file is one input as it stands. A line "# seed 7" is the seed that a finding was made with.
/// </summary>
internal sealed record CorpusFile(string Name, int Seed, IReadOnlyList<byte[]> Inputs)
{
    private const string SeedMark = "# seed ";

    /// <summary>All files of a folder next to the tests, by name; none when there is no folder.</summary>
    public static IReadOnlyList<CorpusFile> All(string folder)
    {
        var path = Path.Combine(AppContext.BaseDirectory, folder);
        return Directory.Exists(path)
            ? [.. Directory.GetFiles(path).Where(f => Path.GetExtension(f) is ".hex" or ".txt").Order(StringComparer.Ordinal).Select(Read)]
            : [];
    }

    public override string ToString() => Name;

    private static CorpusFile Read(string path)
    {
        var text = File.ReadAllText(path);
        var seed = 0;
        while (text.StartsWith('#'))
        {
            var end = text.IndexOf('\n', StringComparison.Ordinal) + 1;
            seed = text.StartsWith(SeedMark, StringComparison.Ordinal) ? int.Parse(text[SeedMark.Length..end]) : seed;
            text = text[end..];
        }

        IReadOnlyList<byte[]> inputs =
            Path.GetExtension(path) == ".txt"
                ? [System.Text.Encoding.UTF8.GetBytes(text)]
                : [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Convert.FromHexString)];
        return new CorpusFile(Path.GetFileName(path), seed, inputs);
    }
}
