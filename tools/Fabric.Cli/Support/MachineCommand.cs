using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Fabric.Cli.Support;

/// <summary>Runs a command of the machine without a shell; one that is missing, fails or hangs costs its part of the bundle.</summary>
internal static class MachineCommand
{
    private const int MaxErrorBytes = 4096;

    // ENOENT of errno(3).
    private const int NoSuchFile = 2;

    public static async Task<Finding> RunAsync(IReadOnlyList<string> words, BundleLimits limits, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LC_ALL"] = "C" },
        };
        try
        {
            using var process = Process.Start(start)!;
            return await ReadAsync(process, words[0], limits, cancellation);
        }
        catch (Win32Exception exception)
        {
            return Finding.Missing(
                exception.NativeErrorCode == NoSuchFile
                    ? $"{words[0]} is not on this machine"
                    : $"{words[0]} cannot be run: {exception.Message}"
            );
        }
    }

    private static async Task<Finding> ReadAsync(Process process, string name, BundleLimits limits, CancellationToken cancellation)
    {
        var (output, errors) = (new BoundedBytes(limits.PartBytes), new BoundedBytes(MaxErrorBytes));
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(limits.Command);
        try
        {
            process.StandardInput.Close();
            await Task.WhenAll(
                output.ReadAsync(process.StandardOutput.BaseStream, timeout.Token),
                errors.ReadAsync(process.StandardError.BaseStream, timeout.Token)
            );
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new Finding(output.Total > 0 ? output.ToArray() : null, $"{name} was ended after {limits.Command.TotalSeconds:0.#} s");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        var problem =
            process.ExitCode == 0
                ? null
                : $"{name} ended with status {process.ExitCode}: {Encoding.UTF8.GetString(errors.ToArray())}".Trim();
        var isNothing = problem is not null && output.Total == 0;
        return new Finding(isNothing ? null : output.ToArray(), output.IsCut ? $"cut: it is {output.Total} octets long" : problem)
        {
            IsCut = output.IsCut,
        };
    }
}
