using Microsoft.Win32.SafeHandles;

namespace Fabric.Cli.Output;

/// <summary>
/// Standard output into a pipe. The console passes over in silence that nobody reads any more, and what follows would never end; this says so.
/// </summary>
internal static class PipedOutput
{
    private const int StandardOutput = 1;

    // EPIPE of Linux.
    private const int BrokenPipe = 32;

    /// <summary>Null where the output is no pipe.</summary>
    public static TextWriter? Open()
    {
        if (!Console.IsOutputRedirected)
        {
            return null;
        }

        var stream = new FileStream(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return stream.CanSeek ? null : new StreamWriter(stream) { AutoFlush = true };
    }

    /// <summary>Whether the reader of the output has had enough.</summary>
    public static bool IsClosed(IOException exception) => exception.HResult == BrokenPipe;
}
