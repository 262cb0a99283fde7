using System.Diagnostics;

namespace Fabric.Wire.Tests.Mrt;

/// <summary>A program that reads MRT files, the name of one being its last argument.</summary>
internal static class MrtReader
{
    public static string[] Lines(ReadOnlySpan<byte> contents, string program, params string[] arguments)
    {
        var file = Path.Combine(Path.GetTempPath(), $"fabric-{Guid.NewGuid():n}.mrt");
        try
        {
            File.WriteAllBytes(file, contents);
            var start = new ProcessStartInfo(program, [.. arguments, file])
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
