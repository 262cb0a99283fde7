using Fabric.Model.Datapath;

namespace Fabric.Datapath.Tests;

/// <summary>What waits for the agent is bounded.</summary>
public sealed class RecordBufferTests
{
    [Test]
    public void What_finds_no_room_is_lost_and_counted_and_the_older_ones_stay()
    {
        var buffer = new RecordBuffer(3);
        Add(buffer, 1, 2, 3, 4, 5);
        Assert.That((Sessions(buffer), buffer.Added, buffer.Lost), Is.EqualTo((new ulong[] { 1, 2, 3 }, 3L, 2L)));
    }

    [Test]
    public void Order_stays_where_the_ring_comes_round()
    {
        var buffer = new RecordBuffer(3);
        Add(buffer, 1, 2, 3);
        buffer.Remove(2);
        Add(buffer, 4, 5);
        Assert.That(Sessions(buffer), Is.EqualTo(new ulong[] { 3 }));
        buffer.Remove(1);
        Assert.That(Sessions(buffer), Is.EqualTo(new ulong[] { 4, 5 }));
    }

    [Test]
    public void Order_stays_where_the_ring_grows_and_comes_round()
    {
        var buffer = new RecordBuffer(5_000);
        Add(buffer, [.. Range(0, 1_024)]);
        buffer.Remove(1_000);
        Add(buffer, [.. Range(1_024, 4_000)]);
        List<ulong> taken = [];
        while (buffer.Count > 0)
        {
            taken.AddRange(Sessions(buffer));
            buffer.Remove(buffer.Oldest.Length);
        }

        Assert.That(taken, Is.EqualTo(Range(1_000, 4_024)));

        static IEnumerable<ulong> Range(int first, int count) => Enumerable.Range(first, count).Select(static session => (ulong)session);
    }

    [Test]
    public void Names_have_numbers_and_are_said_again_to_each_agent()
    {
        var names = new RecordNames(10);
        Assert.That(new[] { "a", "b", "a", null, "" }.Select(names.NumberOf), Is.EqualTo(new[] { 1u, 2u, 1u, 0u, 0u }));
        Assert.That((names.Say(), names.Say(), names.AreSaid), Is.EqualTo(((1u, "a"), (2u, "b"), true)));
        names.SayAgain();
        Assert.That((names.AreSaid, names.Say()), Is.EqualTo((false, (1u, "a"))));
    }

    [Test]
    public void Full_names_begin_anew_when_no_report_has_one_and_are_left_out_until_then()
    {
        var names = new RecordNames(4);
        _ = new[] { "a", "b", "c", "d" }.Select(names.NumberOf).ToList();
        names.MakeRoom(wanted: 3, areUnused: false);
        Assert.That((names.NumberOf("e"), names.NumberOf("b")), Is.EqualTo((0u, 2u)));
        names.MakeRoom(wanted: 3, areUnused: true);
        Assert.That((names.NumberOf("e"), names.Say(), names.AreSaid), Is.EqualTo((1u, (1u, "e"), true)));
    }

    private static void Add(RecordBuffer buffer, params ulong[] sessions)
    {
        foreach (var session in sessions)
        {
            buffer.Add(new FlowReport { Session = session });
        }
    }

    private static ulong[] Sessions(RecordBuffer buffer) => [.. buffer.Oldest.ToArray().Select(r => r.Session)];
}
