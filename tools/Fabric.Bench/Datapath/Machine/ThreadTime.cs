using System.Globalization;

namespace Fabric.Bench.Datapath.Machine;

/// <summary>Processor time of the calling thread, in seconds.</summary>
internal static class ThreadTime
{
    private const double NanosecondsPerSecond = 1e9;

    /// <summary>proc(5), schedstat: the first number is the time on a processor, in nanoseconds.</summary>
    public static double Now() =>
        double.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) / NanosecondsPerSecond;
}
