using System.Globalization;

namespace Fabric.Bench.Datapath.Machine;

/// <summary>The whole machine's processor time, idle and niced time left out: kernel, generators and data plane together.</summary>
internal static class ProcessorTime
{
    private const double TicksPerSecond = 100;

    // proc_stat(5): cpu user nice system idle iowait irq softirq steal ...
    private static readonly int[] s_busy = [1, 3, 6, 7];

    private const int SoftInterrupt = 7;

    public static double Busy() => Sum(s_busy);

    /// <summary>Of that, what the kernel did in soft interrupts: what it forwards itself.</summary>
    public static double SoftInterrupts() => Sum(SoftInterrupt);

    private static double Sum(params ReadOnlySpan<int> columns)
    {
        var words = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var ticks = 0.0;
        foreach (var column in columns)
        {
            ticks += double.Parse(words[column], CultureInfo.InvariantCulture);
        }

        return ticks / TicksPerSecond;
    }
}
