using System.Runtime.InteropServices;

namespace Fabric.Bench.Runs;

/// <summary>A command that signals stop, so that it removes what it built. Exit codes: 2 wrong usage, 130 stopped by the user, else the command's own.</summary>
internal static class StoppableCommand
{
    /// <param name="words">The arguments.</param>
    /// <param name="usage">What --help prints.</param>
    /// <param name="run">The command; it stops when it is told to.</param>
    public static int Run(string[] words, string usage, Func<string[], CancellationToken, int> run)
    {
        if (words.Any(word => word is "--help" or "-h"))
        {
            Console.WriteLine(usage);
            return 0;
        }

        using var stop = new CancellationTokenSource();
        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal);
        try
        {
            return run(words, stop.Token);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // Also programs that the same signal ended fail.
            Console.Error.WriteLine("stopped");
            return 130;
        }
        catch (BenchException exception)
        {
            Console.Error.WriteLine($"fabric-bench: {exception.Message}");
            return 2;
        }
    }
}
