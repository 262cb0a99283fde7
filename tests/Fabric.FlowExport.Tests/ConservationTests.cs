using Fabric.Analytics;
using Fabric.FlowExport.Ipfix;
using Fabric.FlowExport.Sflow;
using Fabric.FlowExport.Tests.Ipfix;
using Fabric.FlowExport.Tests.Sflow;
using FsCheck;
using FsCheck.Fluent;

namespace Fabric.FlowExport.Tests;

/// <summary>Whatever rows come, in whatever order sessions take turns: collectors count what the sessions had.</summary>
[TestFixture]
public sealed class ConservationTests
{
    private const int Limit = IpfixExporter.MinDatagram;

    private static readonly Gen<(ulong Packets, ulong Octets)> Gains =
        from packets in Gen.OneOf(Gen.Choose(0, 3), Gen.Choose(0, 10_000_000))
        from length in Gen.Choose(20, 9000)
        from rest in Gen.Choose(0, 8999)
        select ((ulong)packets, (ulong)packets * (ulong)length + (packets == 0 ? 0UL : (ulong)rest));

    // A turn: which session, which of its kinds, what it gains each way.
    private static readonly Gen<(int Session, (ulong Packets, ulong Octets) Sent, (ulong Packets, ulong Octets) Received)> Turns =
        from session in Gen.Choose(0, 4)
        from sent in Gains
        from received in Gains
        select (session, sent, received);

    [Test]
    public void Collectors_count_what_the_sessions_had() =>
        Prop.ForAll(
                (from turns in Turns.ListOf() from room in Gen.Choose(1, 6) select (turns, room)).ToArbitrary(),
                drawn =>
                {
                    var sessions = Enumerable.Range(0, 5).Select(Begin).ToArray();
                    var rows = drawn
                        .turns.Select(turn => sessions[turn.Session] = Gain(sessions[turn.Session], turn.Sent, turn.Received))
                        .ToList();
                    rows.AddRange(sessions.Select(session => session with { Event = FlowEvent.End }));

                    var had = (
                        (ulong)
                            sessions.Sum(session =>
                                (long)((session.SentPackets + session.ReceivedPackets) * Math.Max(1, session.Sampling))
                            ),
                        (ulong)sessions.Sum(session => (long)((session.SentBytes + session.ReceivedBytes) * Math.Max(1, session.Sampling)))
                    );
                    return Count(rows, drawn.room).All(counted => counted == had);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    // By records of one way, by records of both, by samples.
    private static (ulong Packets, ulong Octets)[] Count(List<FlowRow> rows, int sessions)
    {
        var (uniflows, biflows, samples) = (new IpfixReader(), new IpfixReader(), new SflowReader());
        var ipfix = new IpfixOptions([]) { MaxDatagram = Limit };
        var sflow = new SflowOptions([], Datagrams.Agent) { MaxDatagram = Limit };
        var loop = new FlowExportLoop(
            new FlowExportOptions { SessionCapacity = sessions },
            [
                new IpfixExporter(ipfix, Within(uniflows.Read)),
                new IpfixExporter(ipfix with { IsBiflow = true }, Within(biflows.Read)),
                new SflowExporter(sflow, Rows.Begun, Within(samples.Read)),
            ],
            Rows.Begun
        );
        foreach (var part in rows.Chunk(7))
        {
            loop.Add(part);
            loop.Drain(Rows.Begun);
        }

        return [(uniflows.Packets, uniflows.Octets), (biflows.Packets, biflows.Octets), (samples.Packets, samples.Octets)];
    }

    private static DatagramSink Within(DatagramSink read) =>
        datagram =>
        {
            Assert.That(datagram.Length, Is.LessThanOrEqualTo(Limit));
            read(datagram);
        };

    private static FlowRow Begin(int number) =>
        (number % 2 == 0 ? Rows.Web : Rows.Ipv6) with
        {
            Session = (ulong)number,
            Event = FlowEvent.Start,
            Sampling = number == 3 ? 10u : 0,
            SentPackets = 0,
            SentBytes = 0,
            ReceivedPackets = 0,
            ReceivedBytes = 0,
        };

    private static FlowRow Gain(FlowRow row, (ulong Packets, ulong Octets) sent, (ulong Packets, ulong Octets) received) =>
        row with
        {
            Event = FlowEvent.Update,
            SentPackets = row.SentPackets + sent.Packets,
            SentBytes = row.SentBytes + sent.Octets,
            ReceivedPackets = row.ReceivedPackets + received.Packets,
            ReceivedBytes = row.ReceivedBytes + received.Octets,
        };
}
