using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Fabric.Bench.Load;

/// <summary>Waits on many sockets, to the microsecond (ppoll(2)).</summary>
internal static partial class Kernel
{
    public const short Readable = 1;
    public const short Writable = 4;
    private const int Interrupted = 4;

    /// <summary>Number of sockets with something to do; 0 after <paramref name="time"/>.</summary>
    public static int Wait(Span<PollDescriptor> sockets, TimeSpan time)
    {
        var ticks = Math.Max(0, time.Ticks);
        var limit = new TimeSpecification
        {
            Seconds = ticks / TimeSpan.TicksPerSecond,
            Nanoseconds = ticks % TimeSpan.TicksPerSecond * (1_000_000_000 / TimeSpan.TicksPerSecond),
        };
        var ready = ppoll(ref MemoryMarshal.GetReference(sockets), (nuint)sockets.Length, in limit, 0);
        return ready >= 0 || Marshal.GetLastPInvokeError() == Interrupted
            ? Math.Max(0, ready)
            : throw new SocketException(Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ppoll(ref PollDescriptor descriptors, nuint count, in TimeSpecification limit, nint signals);

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollDescriptor
    {
        public int Descriptor;
        public short Wanted;
        public short Ready;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpecification
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
