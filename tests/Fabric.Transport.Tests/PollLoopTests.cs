using System.Net;
using System.Net.Sockets;
using Fabric.Runtime;
using Fabric.Transport.Polling;

namespace Fabric.Transport.Tests;

public sealed class PollLoopTests
{
    private static readonly IPEndPoint s_anyPort = new(IPAddress.Loopback, 0);

    [Test]
    public async Task Posts_of_many_threads_run_one_after_the_other_and_in_the_order_of_each_thread()
    {
        using var loop = NewLoop();
        var seen = new List<(int Thread, int Number)>();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() => Post(thread))));
        await loop.RunAsync(() => { });

        Assert.That(seen, Has.Count.EqualTo(200_000));
        foreach (var thread in seen.GroupBy(entry => entry.Thread))
        {
            Assert.That(thread.Select(entry => entry.Number), Is.Ordered);
        }

        void Post(int thread)
        {
            for (var number = 0; number < 50_000; number++)
            {
                loop.Post(seen.Add, (thread, number));
            }
        }
    }

    [Test]
    public async Task What_was_not_consumed_and_what_the_system_still_holds_is_unread()
    {
        using var loop = NewLoop();
        var server = new RecordingHandler { Consume = _ => 0 };
        using var listener = new PollTransport().Listen(s_anyPort, loop, _ => server);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.Local);
        await server.NextAsync("opened");
        client.Send(new byte[100]);
        await server.NextAsync();

        var unread = await loop.AskAsync(() =>
        {
            client.Send(new byte[300]);
            return SpinWait.SpinUntil(() => server.Connection!.UnreadBytes > 100, TimeSpan.FromSeconds(10))
                ? server.Connection!.UnreadBytes
                : 0;
        });

        Assert.That(unread, Is.EqualTo(400));
    }

    [Test]
    public async Task A_loop_that_posts_to_itself_more_than_its_mailbox_holds_does_not_wait_for_itself()
    {
        using var loop = NewLoop();
        var count = 0;

        loop.Post(
            self =>
            {
                for (var i = 0; i < 100_000; i++)
                {
                    self.Post(_ => count++, 0);
                }
            },
            loop
        );
        await loop.RunAsync(() => { });
        await loop.RunAsync(() => { });

        Assert.That(count, Is.EqualTo(100_000));
    }

    [Test]
    public async Task Work_without_an_argument_keeps_its_place_among_other_posts()
    {
        using var loop = NewLoop();
        var order = new List<string>();

        loop.Post(order.Add, "first");
        loop.Post(() =>
        {
            loop.Post(order.Add, "third");
            loop.Post(() => order.Add("fourth"));
            order.Add("second");
        });
        await loop.RunAsync(() => { });
        await loop.RunAsync(() => { });

        Assert.That(order, Is.EqualTo(["first", "second", "third", "fourth"]));
    }

    [Test]
    public async Task An_exception_of_one_message_is_reported_and_the_next_message_runs()
    {
        var failures = new List<string>();
        using var loop = new PollLoop("test", TimeProvider.System, exception => failures.Add(exception.Message));

        loop.Post<int>(_ => throw new InvalidOperationException("boom"), 0);
        await loop.RunAsync(() => { });

        Assert.That(failures, Is.EqualTo(new[] { "boom" }));
    }

    [Test]
    public async Task A_timer_fires_on_the_loop()
    {
        using var loop = NewLoop();
        var firedOnLoop = new TaskCompletionSource<bool>();

        loop.Post(self => new LoopTimer(self, () => firedOnLoop.SetResult(self.IsCurrent)).Set(TimeSpan.FromMilliseconds(1)), loop);

        Assert.That(await firedOnLoop.Task, Is.True);
    }

    [Test]
    public void What_was_posted_before_the_end_runs_and_what_comes_after_is_dropped()
    {
        var loop = NewLoop();
        var count = 0;
        loop.Post(
            self =>
            {
                count++;
                self.Post(_ => count++, 0);
            },
            loop
        );

        loop.Dispose();
        loop.Post(_ => count++, 0);

        Assert.That(count, Is.EqualTo(2));
    }

    [Test]
    public async Task What_the_loop_posts_to_itself_while_it_reads_runs_when_all_that_was_readable_has_been_read()
    {
        using var loop = NewLoop();
        var order = new List<string>();
        var transport = new PollTransport();
        var handler = new RecordingHandler
        {
            OnBytes = (_, _) =>
            {
                order.Add("read");
                loop.Post(lines => lines.Add("pump"), order);
            },
        };
        // A unix socket is readable as soon as the other end has sent; loopback TCP may be a moment later.
        var file = Path.Combine(Path.GetTempPath(), $"fabric-poll-{Guid.NewGuid():N}.sock");
        using var listener = transport.Listen(new System.Net.Sockets.UnixDomainSocketEndPoint(file), loop, _ => handler);
        var (first, second) = (new RecordingHandler(), new RecordingHandler());
        transport.Connect(listener.Local, local: null, loop, first);
        transport.Connect(listener.Local, local: null, loop, second);
        await first.NextAsync("opened");
        await second.NextAsync("opened");
        await handler.NextAsync("opened");
        await handler.NextAsync("opened");

        loop.Post(
            connections =>
            {
                connections.One!.Send(new byte[10]);
                connections.Two!.Send(new byte[10]);
            },
            (One: first.Connection, Two: second.Connection)
        );
        await handler.NextAsync("received");
        await handler.NextAsync("received");

        Assert.That(await loop.AskAsync(() => string.Join(' ', order)), Is.EqualTo("read read pump pump"));
    }

    [Test]
    public async Task What_nobody_waits_for_is_done_a_piece_a_turn_when_the_answer_is_on_its_way()
    {
        using var loop = NewLoop();
        var order = new List<string>();
        var file = Path.Combine(Path.GetTempPath(), $"fabric-poll-{Guid.NewGuid():N}.sock");
        using var client = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.Unix,
            System.Net.Sockets.SocketType.Stream,
            System.Net.Sockets.ProtocolType.Unspecified
        );
        var handler = new RecordingHandler { OnBytes = (connection, _) => Answer(connection) };
        using var listener = new PollTransport().Listen(new System.Net.Sockets.UnixDomainSocketEndPoint(file), loop, _ => handler);
        await client.ConnectAsync(listener.Local);

        client.Send(new byte[1]);
        await handler.NextAsync("received");
        await loop.RunAsync(() => { });
        await loop.RunAsync(() => { });

        Assert.That(string.Join(", ", order), Is.EqualTo("post, behind with 7 sent, post of behind, behind with 7 sent"));

        void Answer(IConnection connection)
        {
            loop.PostBehind(() => Behind(() => loop.Post(lines => lines.Add("post of behind"), order)));
            loop.PostBehind(() => Behind(() => { }));
            loop.Post(lines => lines.Add("post"), order);
            connection.Send(new byte[7]);
        }

        void Behind(Action next)
        {
            order.Add($"behind with {client.Available} sent");
            next();
        }
    }

    [Test]
    public async Task Reading_posting_to_itself_and_sending_allocate_nothing()
    {
        using var loop = NewLoop();
        var transport = new PollTransport();
        var echo = new Echo(loop);
        using var listener = transport.Listen(s_anyPort, loop, _ => echo);
        using var client = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        await client.ConnectAsync(listener.Local);
        Exchange(1_000);

        var before = await loop.AskAsync(GC.GetAllocatedBytesForCurrentThread);
        Exchange(10_000);
        var after = await loop.AskAsync(GC.GetAllocatedBytesForCurrentThread);

        Assert.That(after - before, Is.LessThan(10_000), "bytes; a single object for each exchange would be 240,000");

        void Exchange(int count)
        {
            var message = new byte[100];
            for (var i = 0; i < count; i++)
            {
                client.Send(message);
                for (var read = 0; read < message.Length; )
                {
                    read += client.Receive(message);
                }
            }
        }
    }

    private static PollLoop NewLoop() => new("test", TimeProvider.System, exception => Assert.Fail(exception.ToString()));

    private sealed class Echo(PollLoop loop) : IConnectionHandler
    {
        private readonly byte[] _bytes = new byte[100];
        private IConnection? _connection;

        public void OnOpened(IConnection connection) => _connection = connection;

        public int OnReceived(IConnection connection, ReadOnlySpan<byte> bytes)
        {
            if (bytes.Length < _bytes.Length)
            {
                return 0;
            }

            bytes[.._bytes.Length].CopyTo(_bytes);
            loop.Post(static echo => echo._connection!.Send(echo._bytes), this);
            return _bytes.Length;
        }

        public void OnWritable(IConnection connection) { }

        public void OnSecured(IConnection connection, IReadOnlyList<string> peerNames) { }

        public void OnClosed(IConnection connection, string reason) { }
    }
}
