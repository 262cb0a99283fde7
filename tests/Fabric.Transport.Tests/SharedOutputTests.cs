using System.Net;
using Fabric.Runtime;
using Fabric.Transport.Polling;

namespace Fabric.Transport.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SharedOutputTests : IDisposable
{
    private readonly PollLoop _loop = new("shared output test", TimeProvider.System, exception => Assert.Fail(exception.ToString()));
    private readonly PollTransport _transport = new();
    private readonly OutputSegmentPool _pool = new();

    public void Dispose() => _loop.Dispose();

    [TestCase(100)]
    [TestCase(60_000)]
    [TestCase(1_000_000)]
    public async Task Each_receiver_gets_what_is_shared_between_what_only_it_is_sent(int shared)
    {
        RecordingHandler[] receivers = [new(), new(), new()];
        RecordingHandler[] senders = [new(), new(), new()];
        var accepted = 0;
        using var listener = _transport.Listen(new IPEndPoint(IPAddress.Loopback, 0), _loop, _ => senders[accepted++]);
        foreach (var (receiver, sender) in receivers.Zip(senders))
        {
            _transport.Connect(listener.Local, local: null, _loop, receiver);
            await receiver.NextAsync("opened");
            await sender.NextAsync("opened");
        }

        await _loop.RunAsync(() => SendAround(senders, shared));

        for (var i = 0; i < receivers.Length; i++)
        {
            await receivers[i].NextAsync("closed");
            Assert.That(receivers[i].Received, Is.EqualTo(Expected(i, shared)));
        }
    }

    private void SendAround(RecordingHandler[] senders, int shared)
    {
        var run = new OutputRun(_pool);
        foreach (var piece in Pattern(shared).Chunk(3_000))
        {
            piece.CopyTo(run.GetSpan(piece.Length));
            run.Advance(piece.Length);
        }

        var number = 0;
        foreach (var sender in senders)
        {
            var own = new byte[] { (byte)number++ };
            sender.Connection!.Send(own);
            run.SendTo(sender.Connection);
            sender.Connection.Send(own);
            run.SendTo(sender.Connection);
            sender.Connection.Close();
        }

        run.Clear();
        // What the pool gives out now must not be what is still queued.
        Write(run, 0xEE);
        run.Clear();
    }

    private static void Write(OutputRun run, byte value)
    {
        for (var i = 0; i < 40; i++)
        {
            run.GetSpan(OutputSegmentPool.SegmentBytes).Fill(value);
            run.Advance(OutputSegmentPool.SegmentBytes);
        }
    }

    private static byte[] Pattern(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 31))];

    private static byte[] Expected(int receiver, int shared)
    {
        var once = Pattern(shared).Prepend((byte)receiver).ToArray();
        return [.. once, .. once];
    }
}
