using System.Runtime.InteropServices;

namespace Fabric.Lab.Machine;

/// <summary>
/// Turns Ctrl-C and SIGTERM into a cancellation of every command and every wait, so that what was being built can be removed by the same process
/// when all of them have ended.
/// </summary>
public static class Interruption
{
    private static CancellationTokenSource source = new();

    public static bool IsRequested => source.IsCancellationRequested;

    internal static CancellationToken Token => source.Token;

    /// <summary>Handles the signals until disposed; those during the cleaning change nothing.</summary>
    public static IDisposable Handle() => new Handlers();

    /// <summary>Lets commands run again, for the cleaning.</summary>
    public static void Clear() => source = new CancellationTokenSource();

    private sealed class Handlers : IDisposable
    {
        private readonly PosixSignalRegistration[] registrations =
        [
            .. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal =>
                PosixSignalRegistration.Create(signal, Request)
            ),
        ];
        private static bool isFirst = true;

        public void Dispose() => Array.ForEach(registrations, registration => registration.Dispose());

        private static void Request(PosixSignalContext context)
        {
            context.Cancel = true;
            if (isFirst)
            {
                isFirst = false;
                source.Cancel();
            }
        }
    }
}
