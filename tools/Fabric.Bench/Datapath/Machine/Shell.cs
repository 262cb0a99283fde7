using System.Diagnostics;

namespace Fabric.Bench.Datapath.Machine;

/// <summary>Runs programs of the machine to their end.</summary>
internal static class Shell
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <returns>What it printed.</returns>
    /// <exception cref="BenchException">It failed; the message has its words.</exception>
    public static string Run(IEnumerable<string> command, string? input = null, CancellationToken cancellation = default)
    {
        var (code, output, error) = Try(command, input, cancellation);
        return code == 0
            ? output
            : throw new BenchException($"'{string.Join(' ', command)}' ended with {code}: {error.Trim()} {output.Trim()}");
    }

    public static (int Code, string Output, string Error) Try(
        IEnumerable<string> command,
        string? input = null,
        CancellationToken cancellation = default
    )
    {
        var words = command.ToList();
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new BenchException($"{words[0]} does not start");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(s_patience);
        using var end = patience.Token.Register(() => Kill(process));
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        return (process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It ended by itself.
        }
    }
}
