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

    /// <returns>Gbit/s received, and the whole machine's processor time for each 10^9 bytes.</returns>
    public static (double Gigabits, double SecondsPerGigabyte) Measure(
        Testbed testbed,
        int streams,
        TimeSpan time,
        CancellationToken cancellation
    )
    {
        var log = Path.GetTempFileName();
        try
        {
            using var server = DaemonProcess.Start(log, testbed.VmB.Inside("iperf3", "-s", "-1", "-A", "1"));
            var busy = 0.0;
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                busy = ProcessorTime.Busy();
                var (code, output, _) = Shell.Try(
                    testbed.VmA.Inside(
                        "iperf3",
                        "-J",
                        "-A",
                        "0",
                        "-C",
                        "cubic",
                        "-c",
                        Place.VmB.Text,
                        "-P",
                        streams.ToString(CultureInfo.InvariantCulture),
                        "-t",
                        ((int)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture)
                    ),
                    cancellation: cancellation
                );
                if (code == 0)
                {
                    return Read(output, ProcessorTime.Busy() - busy);
                }

                // The server is just starting, unless it has ended.
                if (server.HasExited)
                {
                    throw new BenchException($"iperf3 failed: {output}");
                }

                cancellation.WaitHandle.WaitOne(50);
            }

            throw new BenchException("iperf3's server does not answer");
        }
        finally
        {
            File.Delete(log);
        }
    }

    private static (double Gigabits, double SecondsPerGigabyte) Read(string json, double busySeconds)
    {
        using var document = JsonDocument.Parse(json);
        var sum = document.RootElement.GetProperty("end").GetProperty("sum_received");
        return (sum.GetProperty("bits_per_second").GetDouble() / 1e9, busySeconds / (sum.GetProperty("bytes").GetDouble() / 1e9));
    }
}
