using Fabric.Analytics;

namespace Fabric.FlowExport.Tests;

[TestFixture]
public sealed class SessionLedgerTests
{
    private const int Capacity = 2;

    private SessionLedger _ledger = null!;

    [SetUp]
    public void Begin() => _ledger = new SessionLedger(Capacity, Rows.Begun);

    [Test]
    public void A_session_is_reported_by_what_it_gained_since_its_row_before()
    {
        var first = _ledger.Account(Row(FlowEvent.Start, packets: 1, octets: 60), At(2));
        var second = _ledger.Account(Row(FlowEvent.Update, packets: 5, octets: 460), At(12));
        var last = _ledger.Account(Row(FlowEvent.End, packets: 6, octets: 500), At(15));

        Assert.That(first, Is.EqualTo(new UnreportedCounts(At(1), 1, 60, 0, 0)));
        Assert.That(second, Is.EqualTo(new UnreportedCounts(At(2), 4, 400, 0, 0)));
        Assert.That(last, Is.EqualTo(new UnreportedCounts(At(12), 1, 40, 0, 0)));
        Assert.That(_ledger.Count, Is.Zero);
    }

    /// <summary>The data plane tells the starts of sessions by the clock as it is set now.</summary>
    [TestCase(-3600)]
    [TestCase(3600)]
    public void A_clock_that_is_set_makes_no_session_another_one(int seconds)
    {
        var step = seconds * Rows.Second;
        var old = Row(FlowEvent.Update, packets: 100, octets: 10_000, session: 9) with { Started = Rows.Begun - Rows.Second };
        _ledger.Account(Row(FlowEvent.Start, packets: 1, octets: 60), At(2));

        _ledger.Shift(step);
        var going = _ledger.Account(Row(FlowEvent.End, packets: 6, octets: 500) with { Started = At(1) + step }, At(12) + step);
        var fresh = _ledger.Account(
            Row(FlowEvent.End, packets: 2, octets: 120, session: 8) with
            {
                Started = At(11) + step,
            },
            At(12) + step
        );
        var before = _ledger.Account(old with { Started = old.Started + step }, At(13) + step);

        Assert.That(going, Is.EqualTo(new UnreportedCounts(At(2) + step, 5, 440, 0, 0)));
        Assert.That(fresh, Is.EqualTo(new UnreportedCounts(At(11) + step, 2, 120, 0, 0)));
        Assert.That(before.SentPackets, Is.Zero);
    }

    [Test]
    public void A_session_that_finds_no_room_is_reported_by_its_last_row()
    {
        _ledger.Account(Row(FlowEvent.Start, 1, 60, session: 1), At(2));
        _ledger.Account(Row(FlowEvent.Start, 1, 60, session: 2), At(2));

        var update = _ledger.Account(Row(FlowEvent.Update, 9, 900, session: 3), At(3));
        var last = _ledger.Account(Row(FlowEvent.End, 10, 1000, session: 3), At(4));

        Assert.That(update, Is.EqualTo(default(UnreportedCounts)));
        Assert.That(last, Is.EqualTo(new UnreportedCounts(At(1), 10, 1000, 0, 0)));
    }

    [Test]
    public void A_session_from_before_the_export_is_reported_from_its_first_row_on()
    {
        var old = Row(FlowEvent.Update, 100, 10_000) with { Started = Rows.Begun - 1 };

        var first = _ledger.Account(old, At(5));
        var next = _ledger.Account(old with { SentPackets = 101, SentBytes = 10_100 }, At(10));

        Assert.That(first.SentPackets, Is.Zero);
        Assert.That(next, Is.EqualTo(new UnreportedCounts(At(5), 1, 100, 0, 0)));
    }

    [Test]
    public void A_session_that_was_given_up_is_not_reported_a_second_time()
    {
        _ledger.Account(Row(FlowEvent.Update, 100, 10_000), At(5));
        _ledger.Account(Row(FlowEvent.Start, 1, 60, session: 8), At(7));
        _ledger.MakeRoom(before: At(6));

        var again = _ledger.Account(Row(FlowEvent.End, 101, 10_100), At(9));

        Assert.That(_ledger.Count, Is.EqualTo(1));
        Assert.That(again.SentPackets, Is.Zero);
    }

    [Test]
    public void While_there_is_room_no_session_is_given_up()
    {
        _ledger.Account(Row(FlowEvent.Start, 100, 10_000), At(5));
        _ledger.MakeRoom(before: At(1000));

        Assert.That(_ledger.Account(Row(FlowEvent.End, 101, 10_100), At(1001)).SentPackets, Is.EqualTo(1UL));
    }

    [Test]
    public void A_row_that_was_overtaken_adds_nothing()
    {
        _ledger.Account(Row(FlowEvent.Update, 10, 1000), At(5));

        var late = _ledger.Account(Row(FlowEvent.Update, 9, 900), At(4));
        var next = _ledger.Account(Row(FlowEvent.Update, 11, 1100), At(6));

        Assert.That((late.SentPackets, next.SentPackets), Is.EqualTo((0UL, 1UL)));
    }

    [Test]
    public void A_summary_is_reported_as_it_is()
    {
        var row = Row(FlowEvent.Summary, 10, 1000, session: 0);

        var first = _ledger.Account(row, At(5));
        var second = _ledger.Account(row, At(6));

        Assert.That((first.SentPackets, second.SentPackets), Is.EqualTo((10UL, 10UL)));
        Assert.That(_ledger.Count, Is.Zero);
    }

    private static long At(int second) => Rows.Begun + second * Rows.Second;

    private static FlowRow Row(FlowEvent what, ulong packets, ulong octets, ulong session = 7) =>
        new()
        {
            Event = what,
            Session = session,
            Started = At(1),
            SentPackets = packets,
            SentBytes = octets,
        };
}
