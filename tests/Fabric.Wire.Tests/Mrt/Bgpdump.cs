using System.Diagnostics;

namespace Fabric.Wire.Tests.Mrt;

/// <summary>Has bgpdump read an MRT file; a fixture that uses it fails where bgpdump is not installed.</summary>
internal static class Bgpdump
{
    /// <summary>A line for each route: kind, seconds, A, B or W, peer, AS, prefix, AS path, origin, next hop, LOCAL_PREF, MED, communities.</summary>
    public static string[] Read(ReadOnlySpan<byte> contents) => Run(contents, "-m");

    /// <summary>The records in words, a line for each field.</summary>
    public static string[] Words(ReadOnlySpan<byte> contents) => Run(contents, "-H");

    private static string[] Run(ReadOnlySpan<byte> contents, string form)
    {
        var file = Path.Combine(Path.GetTempPath(), $"fabric-{Guid.NewGuid():n}.mrt");
        try
        {
            File.WriteAllBytes(file, contents);
            var start = new ProcessStartInfo("bgpdump", [form, file])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            process.WaitForExit();
            Assert.That(process.ExitCode, Is.Zero, errors.Result);
            return lines;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
