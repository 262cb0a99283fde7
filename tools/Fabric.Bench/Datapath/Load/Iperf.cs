using System.Globalization;
using System.Text.Json;
using Fabric.Bench.Candidates;
using Fabric.Bench.Datapath.Machine;
using Fabric.Bench.Datapath.Testbeds;

namespace Fabric.Bench.Datapath.Load;

/// <summary>Bulk TCP by iperf3, with cubic whatever the machine's default is; sender and receiver each on a processor of their own.</summary>
internal static class Iperf
{
    private const int Attempts = 50;
    private const int Retry = 50;

    /// <returns>Gbit/s received, and the whole machine's processor time for each 10^9 bytes.</returns>
    public static (double Gigabits, double SecondsPerGigabyte) Measure(
        Testbed testbed,
        int streams,
        TimeSpan time,
        CancellationToken cancellation
    )
    {
        string[] client =
        [
            .. testbed.VmA.Inside("iperf3", "-J", "-A", "0", "-C", "cubic", "-c", Place.VmB.Text),
            "-P",
            streams.ToString(CultureInfo.InvariantCulture),
            "-t",
            ((int)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture),
        ];
        using var server = DaemonProcess.Start("/dev/null", testbed.VmB.Inside("iperf3", "-s", "-A", "1"));
        var output = "";
        for (var attempt = 0; attempt < Attempts && !server.HasExited; attempt++)
        {
            var busy = ProcessorTime.Busy();
            output = Shell.Try(client, cancellation: cancellation).Output;
            if (TryRead(output, ProcessorTime.Busy() - busy) is { } figures)
            {
                return figures;
            }

            // The server is just starting, or a test ended without its results being exchanged.
            cancellation.WaitHandle.WaitOne(Retry);
        }

        throw new BenchException($"iperf3 gives no result: {output}");
    }

    internal static (double Gigabits, double SecondsPerGigabyte)? TryRead(string json, double busySeconds)
    {
        if (json.Length == 0)
        {
            return null;
        }

        using var document = JsonDocument.Parse(json);
        return document.RootElement.TryGetProperty("end", out var end) && end.TryGetProperty("sum_received", out var sum)
            ? (sum.GetProperty("bits_per_second").GetDouble() / 1e9, busySeconds / (sum.GetProperty("bytes").GetDouble() / 1e9))
            : null;
    }
}
