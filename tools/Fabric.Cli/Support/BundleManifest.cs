using System.Text.Encodings.Web;
using System.Text.Json;

namespace Fabric.Cli.Support;

/// <summary>manifest.json: what a bundle holds, what it does not and why.</summary>
/// <param name="Format">Of the bundle; higher where a part moves or means something else.</param>
/// <param name="Made">When the last part was taken.</param>
/// <param name="Machine">The machine's name.</param>
/// <param name="Version">Of the command that made it.</param>
/// <param name="Nodes">Those found.</param>
/// <param name="Parts">In the order in which they were taken.</param>
internal sealed record BundleManifest(
    int Format,
    DateTimeOffset Made,
    string Machine,
    string Version,
    IReadOnlyList<string> Nodes,
    IReadOnlyList<ManifestPart> Parts
)
{
    public const int CurrentFormat = 1;

    public static JsonSerializerOptions JsonOptions { get; } =
        new()
        {
            WriteIndented = true,
            PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
}

/// <param name="Name">Its path in the archive.</param>
/// <param name="Taken">False: <paramref name="Note"/> says why it is not there.</param>
/// <param name="Bytes">As in the archive.</param>
/// <param name="Cut">It was longer.</param>
/// <param name="Note">What is missing or odd.</param>
/// <param name="Milliseconds">That taking it took.</param>
internal sealed record ManifestPart(string Name, bool Taken, long Bytes, bool Cut, string? Note, long Milliseconds);
