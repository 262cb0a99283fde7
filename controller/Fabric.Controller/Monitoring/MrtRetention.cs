using System.Text.RegularExpressions;

namespace Fabric.Controller.Monitoring;

/// <summary>Removes the oldest MRT files of a kind. Only files that are named as this program names them are looked at.</summary>
internal static partial class MrtRetention
{
    /// <summary>Removes all but the newest ones.</summary>
    /// <param name="folder">Where they are.</param>
    /// <param name="kind">How their names begin.</param>
    /// <param name="keep">How many stay; 0: all.</param>
    /// <exception cref="IOException">One can't be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">One may not be removed.</exception>
    public static void Apply(string folder, string kind, int keep)
    {
        if (keep == 0)
        {
            return;
        }

        // The time in a name has a fixed length, so the order of names is that of times.
        var files = Directory
            .EnumerateFiles(folder, kind + ".*.mrt")
            .Where(file => Name().Match(Path.GetFileName(file)) is { Success: true } match && match.Groups[1].Value == kind)
            .OrderDescending(StringComparer.Ordinal);
        foreach (var file in files.Skip(keep))
        {
            File.Delete(file);
        }
    }

    [GeneratedRegex(@"^([a-z]+)\.[0-9]{8}\.[0-9]{6}\.mrt$")]
    private static partial Regex Name();
}
