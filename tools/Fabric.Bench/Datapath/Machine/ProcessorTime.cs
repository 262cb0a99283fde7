using System.Globalization;

namespace Fabric.Bench.Datapath.Machine;

/// <summary>The whole machine's processor time, idle and niced time left out: kernel, generators and data plane together.</summary>
internal static class ProcessorTime
{
    private const double TicksPerSecond = 100;

    // proc_stat(5): cpu user nice system idle iowait irq softirq steal ...
    private static readonly int[] s_busy = [1, 3, 6, 7];

    public static double Busy()
    {
        var words = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return s_busy.Sum(column => double.Parse(words[column], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}
