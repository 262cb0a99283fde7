using System.Net;
using Fabric.Testing;

namespace Fabric.Runtime.Tests;

public sealed class OutputRunTests
{
    private readonly OutputSegmentPool _pool = new();

    [Test]
    public void A_message_lies_in_one_segment_and_a_full_segment_is_followed_by_another()
    {
        var run = new OutputRun(_pool);

        Write(run, 40_000, value: 1);
        Write(run, 40_000, value: 2);
        Write(run, 10, value: 3);

        Assert.That(run.Segments.ToArray().Select(segment => segment.Length), Is.EqualTo(new[] { 40_000, 40_010 }));
        Assert.That(run.Length, Is.EqualTo(80_010));
        Assert.That(run.Segments[1].Bytes[^10..].ToArray(), Is.All.EqualTo((byte)3));
    }

    [Test]
    public void A_transport_that_shares_nothing_copies_it()
    {
        var run = new OutputRun(_pool);
        var connection = new MemoryConnection(new IPEndPoint(IPAddress.Loopback, 1), new ManualLoop(), new NoHandler());
        Write(run, 40_000, value: 1);
        Write(run, 40_000, value: 2);

        run.SendTo(connection);
        run.Clear();

        Assert.That(connection.TakeSent(), Is.EqualTo(Enumerable.Repeat((byte)1, 40_000).Concat(Enumerable.Repeat((byte)2, 40_000))));
    }

    [Test]
    public void A_segment_is_used_again_when_its_last_holder_has_released_it()
    {
        var segment = _pool.Rent();
        segment.Advance(100);
        segment.Retain();

        segment.Release();
        var other = _pool.Rent();
        segment.Release();
        var again = _pool.Rent();

        Assert.That(other, Is.Not.SameAs(segment));
        Assert.That((again, again.Length), Is.EqualTo((segment, 0)));
    }

    [Test]
    public void One_release_too_many_is_an_error()
    {
        var segment = _pool.Rent();
        segment.Release();

        Assert.That(segment.Release, Throws.InvalidOperationException);
    }

    [Test]
    public void What_no_segment_holds_is_refused()
    {
        var run = new OutputRun(_pool);

        Assert.That(() => run.GetMemory(OutputSegmentPool.SegmentBytes + 1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(run.GetMemory(OutputSegmentPool.SegmentBytes).Length, Is.EqualTo(OutputSegmentPool.SegmentBytes));
    }

    [Test]
    public void Memory_of_full_tables_is_the_systems_again_when_they_were_sent()
    {
        const int Segments = 100;
        const int Resident = 32;
        var run = new OutputRun(_pool);
        for (var i = 0; i < Segments; i++)
        {
            Write(run, OutputSegmentPool.SegmentBytes, value: 1);
        }

        run.Clear();

        // What is rented again first kept its memory, what comes later has none: it reads as zeros.
        for (var i = 0; i < Segments; i++)
        {
            var left = run.GetSpan(OutputSegmentPool.SegmentBytes);
            Assert.That(left.ContainsAnyExcept(i < Resident ? (byte)1 : (byte)0), Is.False, $"segment {i}");
            run.Advance(OutputSegmentPool.SegmentBytes);
        }
    }

    private static void Write(OutputRun run, int length, byte value)
    {
        run.GetSpan(length)[..length].Fill(value);
        run.Advance(length);
    }

    private sealed class NoHandler : IConnectionHandler
    {
        public void OnOpened(IConnection connection) { }

        public int OnReceived(IConnection connection, ReadOnlySpan<byte> bytes) => bytes.Length;

        public void OnWritable(IConnection connection) { }

        public void OnSecured(IConnection connection, IReadOnlyList<string> peerNames) { }

        public void OnClosed(IConnection connection, string reason) { }
    }
}
