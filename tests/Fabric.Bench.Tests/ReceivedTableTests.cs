using Fabric.Bench.Load;

namespace Fabric.Bench.Tests;

[TestFixture]
public sealed class ReceivedTableTests
{
    private const int Sets = 4;

    // What a route reflector adds to a set of the first sender: ORIGINATOR_ID 10.254.0.1 and CLUSTER_LIST 10.255.0.1.
    private static readonly byte[] s_reflected = [0x80, 9, 4, 10, 254, 0, 1, 0x80, 10, 4, 10, 255, 0, 1];

    private readonly RouteTable _table = new(Sets * RouteTable.RoutesPerSet, senders: 1, labelPerRoute: false, probes: 1);

    [Test]
    public void A_reflected_set_is_taken_as_ten_routes()
    {
        var received = Receiver();
        received.Read(Reflected(2));
        Assert.That(received.FirstFault, Is.Null);
        Assert.That(received.Present, Is.EqualTo(10));
        Assert.That(Enumerable.Range(0, 40).Where(received.Has), Is.EqualTo(Enumerable.Range(20, 10)));
    }

    [Test]
    public void A_set_told_again_is_counted_and_is_no_fault()
    {
        var received = Receiver();
        received.Read(Reflected(0));
        received.Read(Reflected(0));
        Assert.That((received.Present, received.Repeated, received.Wrong), Is.EqualTo((10, 10L, 0L)));
    }

    [Test]
    public void Withdrawals_leave_nothing()
    {
        var received = Receiver();
        received.Read(Reflected(0));
        received.Read(UpdateEncoder.Withdrawals(_table, 0).AsSpan(UpdateEncoder.HeaderLength));
        Assert.That((received.Present, received.Wrong), Is.EqualTo((0, 0L)));
    }

    [Test]
    public void A_set_that_a_reflector_has_not_marked_is_wrong()
    {
        var received = Receiver();
        var update = new byte[UpdateEncoder.LengthOf(RouteTable.RoutesPerSet)];
        UpdateEncoder.WriteSet(update, _table, 0);
        received.Read(update.AsSpan(UpdateEncoder.HeaderLength));
        Assert.That((received.Present, received.Wrong), Is.EqualTo((0, 10L)));
        Assert.That(received.FirstFault, Does.Contain("ORIGINATOR_ID"));
    }

    [Test]
    public void Every_octet_that_tells_one_set_from_another_is_checked([Values(0, 1, 3)] int other)
    {
        var right = Reflected(2);
        var wrong = Reflected(other);
        for (var index = 0; index < right.Length; index++)
        {
            if (right[index] != wrong[index])
            {
                var mixed = (byte[])right.Clone();
                mixed[index] = wrong[index];
                var received = Receiver();
                received.Read(mixed);
                Assert.That(received.Wrong, Is.GreaterThan(0), $"octet {index}");
            }
        }
    }

    [Test]
    public void An_update_cut_anywhere_is_wrong_and_does_no_harm()
    {
        var whole = Reflected(1);
        for (var length = 0; length < whole.Length; length++)
        {
            var received = Receiver();
            received.Read(whole.AsSpan(0, length));
            Assert.That((received.Present, received.Wrong > 0), Is.EqualTo((0, true)), $"{length} octets");
        }
    }

    [Test]
    public void A_probe_has_arrived_when_every_receiver_has_it()
    {
        var probes = new ProbeBoard(1, receivers: 2);
        new ReceivedTable(_table, probes, -1).Read(Reflected(Sets));
        Assert.That(probes.Arrived, Is.Zero);
        new ReceivedTable(_table, probes, -1).Read(Reflected(Sets));
        Assert.That(probes.Arrived, Is.EqualTo(1));
    }

    [Test]
    public void An_own_set_that_comes_back_is_no_route()
    {
        var sender = new ReceivedTable(_table, new ProbeBoard(1, 1), ownSender: 0);
        sender.Read(Reflected(0));
        Assert.That((sender.Present, sender.Echoed, sender.Wrong), Is.EqualTo((0, 10L, 0L)));
    }

    private ReceivedTable Receiver() => new(_table, new ProbeBoard(1, 1), ownSender: -1);

    // The set as the tool sends it, with the reflector's attributes behind the others.
    private byte[] Reflected(int set)
    {
        var update = new byte[UpdateEncoder.LengthOf(_table.RoutesIn(set))];
        UpdateEncoder.WriteSet(update, _table, set);
        byte[] body = [.. update.AsSpan(UpdateEncoder.HeaderLength), .. s_reflected];
        var length = body.Length - 4;
        (body[2], body[3]) = ((byte)(length >> 8), (byte)length);
        return body;
    }
}
