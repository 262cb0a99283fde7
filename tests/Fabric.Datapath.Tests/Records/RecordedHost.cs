using Fabric.Model.Datapath;
using Fabric.Primitives;

namespace Fabric.Datapath.Tests;

/// <summary>Reads what a <see cref="Host"/> reports.</summary>
internal static class RecordedHost
{
    public const long Epoch = 1_700_000_000_000_000;

    public static Host Recorded(this Host host, uint updateSeconds = 60, uint sampling = 0, bool noStarts = false)
    {
        host.Pipeline.Records.Epoch = Epoch;
        host.Pipeline.Records.Configure(
            new RecordSettings
            {
                UpdateSeconds = updateSeconds,
                Sampling = sampling,
                NoStarts = noStarts,
            },
            host.Now
        );
        return host;
    }

    /// <summary>What was reported since the last call, after one more turn of the timer that comes each 100 milliseconds.</summary>
    public static List<FlowReport> Reports(this Host host)
    {
        host.Pipeline.Age(host.Now);
        var reports = new List<FlowReport>();
        // Other workers report what they remove.
        using var held = host.Pipeline.Flows.Lock();
        for (var buffer = host.Pipeline.Records.Reports; buffer.Count > 0; )
        {
            var oldest = buffer.Oldest;
            reports.AddRange(oldest);
            buffer.Remove(oldest.Length);
        }

        return reports;
    }

    /// <summary>The name that a number was said to stand for.</summary>
    public static string? NameOf(this Host host, uint number)
    {
        string? found = null;
        host.Pipeline.Records.Names.SayAgain();
        while (!host.Pipeline.Records.Names.AreSaid)
        {
            var (said, name) = host.Pipeline.Records.Names.Say();
            found = said == number ? name : found;
        }

        return found;
    }

    /// <summary>Event, initiator, responder, packets and bytes sent and received, as one line.</summary>
    public static string Line(this FlowReport report) =>
        $"{report.Event} {End(report.Initiator, report.InitiatorLength, report.InitiatorPort)}"
        + $" {End(report.Responder, report.ResponderLength, report.ResponderPort)}"
        + $" {report.SentPackets}/{report.SentBytes} {report.ReceivedPackets}/{report.ReceivedBytes}";

    private static string End(uint address, byte length, ushort port) =>
        length == 32 ? $"{IpAddress.FromIpv4(address)}:{port}" : $"{IpAddress.FromIpv4(address)}/{length}";
}
