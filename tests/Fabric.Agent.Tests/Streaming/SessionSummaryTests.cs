using Fabric.Agent.Streaming;
using Fabric.Analytics;
using Fabric.Primitives;
using FsCheck;
using FsCheck.Fluent;

namespace Fabric.Agent.Tests.Streaming;

/// <summary>One row for what sessions of the same ends sent in an interval.</summary>
public sealed class SessionSummaryTests
{
    private const long Began = Reports.Began;
    private const long Second = Reports.Second;

    private static readonly SummaryOptions s_options = new(Interval: 10 * Second, SessionPatience: 3600 * Second);

    private static readonly Gen<(int Session, int What, int Packets)> s_steps =
        from session in Gen.Choose(0, 5)
        from what in Gen.Choose(0, 3)
        from packets in Gen.Choose(0, 4)
        select (session, what, packets);

    private List<FlowRow> _rows = null!;

    [SetUp]
    public void Begin() => _rows = [];

    [Test]
    public void A_row_has_the_sessions_of_its_ends_and_what_they_sent_since_the_row_before()
    {
        var summaries = Summaries();
        summaries.Take([Row(1, FlowEvent.Start, packets: 1), Row(2, FlowEvent.Start, packets: 1)], Began);
        summaries.Take([Row(1, FlowEvent.Update, packets: 5)], Began + Second);
        summaries.Flush(Began + (10 * Second));
        summaries.Take([Row(1, FlowEvent.End, packets: 7)], Began + (12 * Second));
        summaries.Flush(Began + (21 * Second));
        Assert.That(_rows, Has.Count.EqualTo(1));
        summaries.Flush(Began + (22 * Second));

        var expected = Row(0, FlowEvent.Summary, packets: 6) with
        {
            Initiator = new FlowRowEndpoint(IpAddress.Parse("10.1.0.5"), 0, "web-1", "red"),
        };
        Assert.That(
            _rows,
            Is.EqualTo([
                expected with
                {
                    Time = Began + (10 * Second),
                    Started = Began,
                    Sessions = 2,
                },
                expected with
                {
                    Time = Began + (22 * Second),
                    Started = Began + (12 * Second),
                    Sessions = 1,
                    SentPackets = 2,
                    SentBytes = 200,
                    ReceivedPackets = 2,
                    ReceivedBytes = 200,
                },
            ])
        );
    }

    public static IEnumerable<FlowRow> Others()
    {
        var row = Row(2, FlowEvent.End, packets: 1);
        return
        [
            row with
            {
                Initiator = row.Initiator with { Address = IpAddress.Parse("10.1.0.6") },
            },
            row with
            {
                Initiator = row.Initiator with { PrefixLength = 24 },
            },
            row with
            {
                Responder = row.Responder with { Address = IpAddress.Parse("10.1.0.6") },
            },
            row with
            {
                Responder = row.Responder with { Port = 80 },
            },
            row with
            {
                Protocol = 17,
            },
            row with
            {
                Vrf = "blue",
            },
            row with
            {
                Action = FlowAction.Deny,
            },
            row with
            {
                Policy = "db",
            },
            row with
            {
                Rule = "ingress 2",
            },
            row with
            {
                Side = FlowSide.BothSides,
            },
        ];
    }

    [TestCaseSource(nameof(Others))]
    public void What_differs_in_more_than_the_initiators_port_has_a_row_of_its_own(FlowRow other)
    {
        var summaries = Summaries();
        summaries.Take([Row(1, FlowEvent.End, packets: 1), other, Row(3, FlowEvent.End, packets: 1, port: 5)], Began);
        summaries.End(Began + Second);

        Assert.That(_rows.Select(row => row.Sessions), Is.EqualTo([2, 1]));
    }

    [Test]
    public void A_session_from_before_the_agent_keeps_its_own_rows_to_its_end()
    {
        var summaries = Summaries();
        FlowRow[] rows =
        [
            Row(1, FlowEvent.Update, packets: 5) with
            {
                Started = Began - 1,
            },
            Row(1, FlowEvent.End, packets: 9) with
            {
                Started = Began - 1,
            },
        ];
        summaries.Take(rows, Began);
        summaries.End(Began + Second);

        Assert.That(_rows, Is.EqualTo(rows));
        Assert.That(summaries.Unsummed, Is.EqualTo(2));
    }

    [Test]
    public void A_session_beyond_the_bound_keeps_its_own_rows_to_its_end_even_if_there_is_room_again()
    {
        var summaries = Summaries(s_options with { MaxSessions = 1 });
        summaries.Take(
            [Row(1, FlowEvent.Start, packets: 1), Row(2, FlowEvent.Start, packets: 1), Row(1, FlowEvent.End, packets: 2)],
            Began
        );
        summaries.Take([Row(2, FlowEvent.Update, packets: 4), Row(2, FlowEvent.End, packets: 8)], Began + Second);
        summaries.End(Began + Second);

        Assert.That(
            _rows.Select(row => (row.Event, row.SentPackets)),
            Is.EqualTo([(FlowEvent.Start, 1UL), (FlowEvent.Update, 4UL), (FlowEvent.End, 8UL), (FlowEvent.Summary, 2UL)])
        );
    }

    [Test]
    public void A_summary_beyond_the_bound_ends_the_oldest_before_its_time()
    {
        var summaries = Summaries(s_options with { MaxSummaries = 1 });
        var other = Row(2, FlowEvent.End, packets: 2);
        summaries.Take([Row(1, FlowEvent.End, packets: 1), other with { Protocol = 17 }], Began);

        Assert.That(_rows.Select(row => row.SentPackets), Is.EqualTo([1UL]));
        Assert.That(summaries.Early, Is.EqualTo(1));
    }

    [Test]
    public void Sessions_whose_end_was_lost_make_room_for_others()
    {
        var summaries = Summaries(s_options with { MaxSessions = 1 });
        summaries.Take([Row(1, FlowEvent.Start, packets: 1)], Began);
        var later = Began + s_options.SessionPatience + Second;
        summaries.Flush(later);
        summaries.Take([Row(2, FlowEvent.Start, packets: 1) with { Started = later, Time = later }], later);

        Assert.That(summaries.Unsummed, Is.Zero);
    }

    [Test]
    public void Every_packet_and_byte_is_counted_once_whatever_comes() =>
        Prop.ForAll(
                s_steps.ListOf().ToArbitrary(),
                steps =>
                {
                    var published = new List<FlowRow>();
                    var options = s_options with { MaxSessions = 3, MaxSummaries = 2, SessionPatience = long.MaxValue / 2 };
                    var summaries = new SessionSummaries(options, Began, span => published.AddRange(span));
                    var lastReports = Play(steps, summaries);
                    var unsummed = published
                        .Where(row => row.Event != FlowEvent.Summary)
                        .GroupBy(row => row.Session)
                        .Select(rows => rows.Last());
                    return Sum(published.Where(row => row.Event == FlowEvent.Summary)) + Sum(unsummed) == Sum(lastReports);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    /// <summary>Reports of up to six sessions at a time: a step is the session, what it reports (0, 1: it goes on; 2: its end; 3: time passes), and what it has sent.</summary>
    private static IReadOnlyCollection<FlowRow> Play(IEnumerable<(int Session, int What, int Packets)> steps, SessionSummaries summaries)
    {
        var time = Began;
        var open = new Dictionary<int, FlowRow>();
        var last = new Dictionary<ulong, FlowRow>();
        foreach (var (session, what, packets) in steps)
        {
            time += Second;
            if (what == 3)
            {
                time += 5 * Second;
                summaries.Flush(time);
                continue;
            }

            var isOpen = open.TryGetValue(session, out var before);
            var number = isOpen ? before.Session : (ulong)last.Count + 1;
            var happened =
                what == 2 ? FlowEvent.End
                : isOpen ? FlowEvent.Update
                : FlowEvent.Start;
            var row = Row(number, happened, before.SentPackets + (ulong)packets) with
            {
                Time = time,
                Started = isOpen ? before.Started : time,
                Protocol = (byte)(session % 3),
            };
            last[number] = open[session] = row;
            if (happened == FlowEvent.End)
            {
                open.Remove(session);
            }

            summaries.Take([row], time);
        }

        summaries.End(time);
        return last.Values;
    }

    private static FlowCounts Sum(IEnumerable<FlowRow> rows) => rows.Aggregate(default(FlowCounts), (sum, row) => sum + FlowCounts.Of(row));

    private SessionSummaries Summaries(SummaryOptions? options = null) => new(options ?? s_options, Began, rows => _rows.AddRange(rows));

    private static FlowRow Row(ulong session, FlowEvent happened, ulong packets, ushort port = 40_000) =>
        new()
        {
            Time = Began,
            Event = happened,
            Session = session,
            Started = Began,
            Initiator = new FlowRowEndpoint(IpAddress.Parse("10.1.0.5"), port, "web-1", "red"),
            Responder = new FlowRowEndpoint(IpAddress.Parse("10.1.0.9"), 443, null, "red"),
            Protocol = 6,
            Vrf = "red",
            SentPackets = packets,
            SentBytes = packets * 100,
            ReceivedPackets = packets,
            ReceivedBytes = packets * 100,
            Action = FlowAction.Allow,
            Policy = "web",
            Rule = "ingress 1",
            Side = FlowSide.InitiatorSide,
        };
}
