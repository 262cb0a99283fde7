using System.Diagnostics;

namespace Fabric.Datapath.Host.Tests.EndToEnd;

/// <summary>Programs of the machine, run to their end or kept running.</summary>
internal static class Shell
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    public sealed record Outcome(int ExitCode, string Text);

    /// <summary>Runs a command line (split at spaces) and returns its exit code and what it printed.</summary>
    public static Outcome Try(string commandLine)
    {
        using var process = Start(commandLine);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(_patience))
        {
            process.Kill(entireProcessTree: true);
            return new Outcome(-1, $"{commandLine}: not finished after {_patience}");
        }

        return new Outcome(process.ExitCode, output.GetAwaiter().GetResult() + errors.GetAwaiter().GetResult());
    }

    /// <summary>Runs a command line that must succeed.</summary>
    public static string Run(string commandLine)
    {
        var outcome = Try(commandLine);
        return outcome.ExitCode == 0
            ? outcome.Text
            : throw new InvalidOperationException($"{commandLine}: exit code {outcome.ExitCode}: {outcome.Text}");
    }

    public static Process Start(string commandLine)
    {
        var words = commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Process.Start(
            new ProcessStartInfo(words[0], words[1..])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
    }

    /// <summary>Asks again until it holds; the other side is a process with a pace of its own.</summary>
    public static void WaitUntil(Func<bool> holds, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!holds())
        {
            if (clock.Elapsed > _patience)
            {
                throw new TimeoutException($"waited {_patience} for: {what}");
            }

            Thread.Sleep(TimeSpan.FromMilliseconds(50));
        }
    }
}
