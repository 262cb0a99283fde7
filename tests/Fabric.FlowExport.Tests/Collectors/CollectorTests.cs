using System.Net;
using Fabric.Analytics;
using Fabric.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fabric.FlowExport.Tests.Collectors;

/// <summary>What collectors of another maker count, over real UDP.</summary>
[TestFixture]
public sealed class CollectorTests
{
    // What each has had at its end, in rows that tell it bit by bit.
    private static readonly FlowRow[] Ended = [Rows.Web, Rows.Denied, Rows.Ping, Rows.Ipv6];

    private static readonly FlowRow[] Told =
    [
        Rows.Web with
        {
            Time = Rows.Begun + 2 * Rows.Second,
            Event = FlowEvent.Start,
            SentPackets = 1,
            SentBytes = 60,
            ReceivedPackets = 0,
            ReceivedBytes = 0,
        },
        Rows.Web with
        {
            Time = Rows.Begun + 3 * Rows.Second,
            Event = FlowEvent.Update,
            SentPackets = 2,
            SentBytes = 120,
            ReceivedPackets = 1,
            ReceivedBytes = 1000,
        },
        .. Ended,
    ];

    [Test]
    public void Nfcapd_counts_what_the_sessions_had()
    {
        using var collector = new Collector("nfcapd");

        var flows = Export(collector, new FlowExportOptions { Ipfix = new IpfixOptions([collector.EndPoint]) { Domain = 5 } });

        Assert.That(Counts(flows), Is.EquivalentTo(Ended.SelectMany(Expected)));
        Assert.That(
            flows
                .Where(flow => flow["sp"] == "40000" && flow["da"] == "10.1.0.11")
                .Select(flow => (flow["ts"], flow["te"], flow["ipkt"]))
                .Take(3),
            Is.EqualTo(
                new[]
                {
                    ("2025-11-24 16:00:01", "2025-11-24 16:00:02", "1"),
                    ("2025-11-24 16:00:02", "2025-11-24 16:00:03", "1"),
                    ("2025-11-24 16:00:03", "2025-11-24 16:00:05", "1"),
                }
            )
        );
    }

    [Test]
    public void Nfcapd_takes_both_ways_out_of_one_record()
    {
        using var collector = new Collector("nfcapd");

        var flows = Export(collector, new FlowExportOptions { Ipfix = new IpfixOptions([collector.EndPoint]) { IsBiflow = true } });

        var web = flows.Where(flow => flow["sp"] == "40000").Select(flow => (flow["ipkt"], flow["ibyt"], flow["opkt"], flow["obyt"]));
        Assert.That(web, Is.EqualTo(new[] { ("1", "60", "0", "0"), ("1", "60", "1", "1000"), ("1", "60", "1", "2001") }));
    }

    [Test]
    public void Sfcapd_counts_what_the_sessions_had()
    {
        using var collector = new Collector("sfcapd");

        var flows = Export(collector, new FlowExportOptions { Sflow = new SflowOptions([collector.EndPoint], Datagrams.Agent) });

        // Of ICMP it takes type and code for the ports.
        Assert.That(
            Counts(flows).Where(count => count.Protocol != "ICMP"),
            Is.EquivalentTo(Ended.Where(row => row.Protocol != 1).SelectMany(Expected))
        );
        Assert.That(
            flows.Where(flow => flow["pr"] == "ICMP").Select(flow => (flow["sa"], flow["ipkt"], flow["ibyt"])),
            Is.EquivalentTo(new[] { ("10.1.0.10", "3", "180"), ("10.1.0.11", "3", "252") })
        );
    }

    [Test]
    public void Two_thousand_sessions_are_counted_to_the_last_octet()
    {
        using var nfcapd = new Collector("nfcapd");
        using var sfcapd = new Collector("sfcapd");
        var rows = Enumerable.Range(1, 2000).Select(number => Many(number)).ToArray();

        using (
            var export = Start(
                new FlowExportOptions
                {
                    Ipfix = new IpfixOptions([nfcapd.EndPoint]),
                    Sflow = new SflowOptions([sfcapd.EndPoint], Datagrams.Agent),
                }
            )
        )
        {
            foreach (var part in rows.Chunk(250))
            {
                var before = export.Statistics().Rows;
                export.Add(part);
                WaitFor(() => export.Statistics().Rows == before + part.Length);
                nfcapd.Read();
                sfcapd.Read();
            }
        }

        var packets = rows.Sum(row => (long)(row.SentPackets + row.ReceivedPackets));
        var octets = rows.Sum(row => (long)(row.SentBytes + row.ReceivedBytes));
        Assert.That(Total(nfcapd.Collected()), Is.EqualTo((packets, octets)));
        Assert.That(Total(sfcapd.Collected()), Is.EqualTo((packets, octets)));
    }

    [Test]
    public void A_collector_that_is_not_there_costs_datagrams_and_nothing_else()
    {
        var nobody = new IPEndPoint(IPAddress.Loopback, 9);
        using var collector = new Collector("nfcapd");

        using (var export = Start(new FlowExportOptions { Ipfix = new IpfixOptions([nobody, collector.EndPoint]) }))
        {
            export.Add(Told);
            WaitFor(() => export.Statistics().Rows == Told.Length);
            Assert.That(export.Statistics().Collectors.Select(one => one.Sent + one.Failed), Is.All.GreaterThanOrEqualTo(2));
            Assert.That(export.Statistics().Collectors[0].Failed, Is.GreaterThan(0));
        }

        Assert.That(Counts(collector.Collected()), Is.EquivalentTo(Ended.SelectMany(Expected)));
    }

    [Test]
    public void A_collector_that_is_not_there_is_logged_once()
    {
        var log = new ListLogger<ExportingProcess>();
        var time = new ManualTime();
        var options = new FlowExportOptions { Ipfix = new IpfixOptions([new IPEndPoint(IPAddress.Loopback, 9)]) };
        using var export = ExportingProcess.Start(options, time, log);

        for (var turn = 1; turn <= 50; turn++)
        {
            export.Add([Rows.Web with { Event = FlowEvent.Summary }]);
            var rows = turn;
            WaitFor(() => export.Statistics().Rows == rows);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        WaitFor(() => log.Lines.Count > 0);
        Assert.That(log.Lines.Single().Line, Does.Contain("ipfix collector 127.0.0.1:9 gets nothing: ConnectionRefused"));
    }

    [Test]
    public void Who_adds_rows_after_the_end_does_not_fail()
    {
        var export = Start(new FlowExportOptions { Ipfix = new IpfixOptions([new IPEndPoint(IPAddress.Loopback, 9)]) });
        export.Dispose();
        Assert.That(() => export.Add(Told), Throws.Nothing);
    }

    private static FlowRow Many(int number) =>
        Rows.Web with
        {
            Session = (ulong)number,
            Initiator = Rows.Web.Initiator with { Port = (ushort)number },
            SentPackets = (ulong)(1 + number % 7),
            SentBytes = (ulong)((1 + number % 7) * 40 + number % 11),
            ReceivedPackets = (ulong)(number % 5),
            ReceivedBytes = (ulong)(number % 5 * (1000 + number)),
        };

    private static List<Dictionary<string, string>> Export(Collector collector, FlowExportOptions options)
    {
        using (var export = Start(options))
        {
            export.Add(Told);
        }

        return collector.Collected();
    }

    private static ExportingProcess Start(FlowExportOptions options) =>
        ExportingProcess.Start(options, new ClockOfRows(), NullLogger.Instance);

    private static void WaitFor(Func<bool> condition) => Assert.That(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(30)), Is.True);

    private static (long Packets, long Octets) Total(List<Dictionary<string, string>> flows) =>
        (flows.Sum(flow => long.Parse(flow["ipkt"])), flows.Sum(flow => long.Parse(flow["ibyt"])));

    private static IEnumerable<(string Protocol, string Source, string Destination, long Packets, long Octets)> Counts(
        List<Dictionary<string, string>> flows
    ) =>
        flows
            .GroupBy(flow => (flow["pr"], flow["sa"], flow["sp"], flow["da"], flow["dp"]))
            .Select(same =>
                (
                    same.Key.Item1,
                    $"{same.Key.Item2} {same.Key.Item3}",
                    $"{same.Key.Item4} {same.Key.Item5}",
                    same.Sum(flow => long.Parse(flow["ipkt"])),
                    same.Sum(flow => long.Parse(flow["ibyt"]))
                )
            );

    private static IEnumerable<(string Protocol, string Source, string Destination, long Packets, long Octets)> Expected(FlowRow row)
    {
        // nfdump shows the type of ICMP in the upper octet of the destination's port.
        var isIcmp = row.Protocol == 1;
        var (initiator, responder) = ($"{row.Initiator.Address} ", $"{row.Responder.Address} ");
        var protocol = row.Protocol switch
        {
            1 => "ICMP",
            6 => "TCP",
            _ => "UDP",
        };
        yield return (
            protocol,
            initiator + (isIcmp ? 0 : row.Initiator.Port),
            responder + (isIcmp ? 2048 : row.Responder.Port),
            (long)row.SentPackets,
            (long)row.SentBytes
        );
        if (row.ReceivedPackets > 0)
        {
            yield return (
                protocol,
                responder + (isIcmp ? 0 : row.Responder.Port),
                initiator + (isIcmp ? 0 : row.Initiator.Port),
                (long)row.ReceivedPackets,
                (long)row.ReceivedBytes
            );
        }
    }

    /// <summary>Stands where the rows begin: sessions from before the export would not be told.</summary>
    private sealed class ClockOfRows : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddMicroseconds(Rows.Begun);
    }
}
