using System.Runtime.InteropServices;

namespace Fabric.Datapath.Host.Native;

/// <summary>Error numbers that packet I/O tells apart, and the exception for the rest.</summary>
internal static class SystemError
{
    public const int Interrupted = 4;
    public const int TryAgain = 11;

    public static int Last => Marshal.GetLastPInvokeError();

    public static string Message => Marshal.GetPInvokeErrorMessage(Last);

    /// <summary>An IOException that says what was tried and the system's own words for why it failed.</summary>
    public static IOException Exception(string attempt) => new($"{attempt}: {Message}");
}
