using System.Net;
using System.Net.Sockets;
using Fabric.Runtime;
using Fabric.Transport.Polling;

namespace Fabric.Transport.Tests;

/// <summary>What holds for every transport of sockets.</summary>
[TestFixture(typeof(SocketTransport), typeof(ThreadLoop))]
[TestFixture(typeof(SocketTransport), typeof(PollLoop))]
[TestFixture(typeof(PollTransport), typeof(PollLoop))]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TransportTests<TTransport, TLoop> : IDisposable
    where TTransport : ITransport, new()
    where TLoop : IEventLoop, IDisposable
{
    private static readonly IPEndPoint s_anyPort = new(IPAddress.Loopback, 0);

    private readonly TLoop _loop = (TLoop)
        Activator.CreateInstance(
            typeof(TLoop),
            "transport test",
            TimeProvider.System,
            (Action<Exception>)(e => Assert.Fail(e.ToString()))
        )!;

    private readonly TTransport _transport = new();

    public void Dispose() => _loop.Dispose();

    [Test]
    public async Task Bytes_arrive_in_order_and_what_was_not_consumed_comes_again()
    {
        var server = new RecordingHandler { Consume = offered => offered - offered % 1000 };
        using var listener = _transport.Listen(s_anyPort, _loop, _ => server);
        var client = new RecordingHandler();
        _transport.Connect(listener.Local, local: null, _loop, client);
        await client.NextAsync("opened");

        var sent = Enumerable.Range(0, 300_000).Select(i => (byte)(i * 31)).ToArray();
        foreach (var piece in sent.Chunk(777))
        {
            _loop.Post(bytes => client.Connection!.Send(bytes), piece);
        }

        _loop.Post(connection => connection.Close(), client.Connection!);
        await server.NextAsync("closed");

        Assert.That(server.Received, Is.EqualTo(sent));
    }

    [Test]
    public async Task An_address_for_which_the_system_has_no_socket_is_a_connection_that_closes()
    {
        // As with all descriptors in use: the caller has other neighbours to connect to.
        var client = new RecordingHandler();

        await _loop.RunAsync(() => _transport.Connect(new ForeignEndPoint(), local: null, _loop, client));

        Assert.That(await client.NextAsync(), Does.StartWith("closed: "));
    }

    [Test]
    public async Task An_address_of_another_family_than_the_own_one_is_a_connection_that_closes()
    {
        var client = new RecordingHandler();

        await _loop.RunAsync(() => _transport.Connect(new IPEndPoint(IPAddress.IPv6Loopback, 9), s_anyPort, _loop, client));

        Assert.That(await client.NextAsync(), Does.StartWith("closed: "));
    }

    [Test]
    public async Task A_graceful_close_delivers_what_was_queued()
    {
        var server = new RecordingHandler();
        using var listener = _transport.Listen(s_anyPort, _loop, _ => server);
        var client = new RecordingHandler();
        _transport.Connect(listener.Local, local: null, _loop, client);
        await client.NextAsync("opened");

        var sent = new byte[1_000_000];
        _loop.Post(
            connection =>
            {
                connection.Send(sent);
                connection.Close();
            },
            client.Connection!
        );
        var reason = await server.NextAsync("closed");

        Assert.That((server.Received.Count, reason), Is.EqualTo((sent.Length, "closed: closed by the peer")));
    }

    [Test]
    public async Task A_refused_connection_says_so()
    {
        // Nobody listens there, and nobody else can.
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(s_anyPort);

        var client = new RecordingHandler();
        _transport.Connect(silent.LocalEndPoint!, local: null, _loop, client);

        Assert.That(await client.NextAsync(), Is.EqualTo("closed: Connection refused"));
    }

    [Test]
    public void A_port_that_is_taken_is_named_in_the_error()
    {
        using var first = _transport.Listen(s_anyPort, _loop, _ => new RecordingHandler());

        Assert.That(
            () => _transport.Listen(first.Local, _loop, _ => new RecordingHandler()),
            Throws.TypeOf<IOException>().With.Message.Contains(first.Local.ToString()).And.Message.Contains("in use")
        );
    }

    [Test]
    public async Task A_unix_socket_is_private_and_replaces_the_file_that_a_dead_process_left()
    {
        var folder = Directory.CreateTempSubdirectory("fabric-unix-");
        try
        {
            var path = Path.Combine(folder.FullName, "x.sock");
            using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            {
                dead.Bind(new UnixDomainSocketEndPoint(path));
            }

            var server = new RecordingHandler();
            using var listener = _transport.Listen(new UnixDomainSocketEndPoint(path), _loop, _ => server);
            var client = new RecordingHandler();
            _transport.Connect(new UnixDomainSocketEndPoint(path), local: null, _loop, client);
            await server.NextAsync("opened");

            Assert.That(File.GetUnixFileMode(path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
            Assert.That(
                () => _transport.Listen(new UnixDomainSocketEndPoint(path), _loop, _ => server),
                Throws.TypeOf<IOException>().With.Message.Contains("another process answers")
            );
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public async Task A_far_end_that_resets_is_told_of_in_words()
    {
        var server = new RecordingHandler { OnBytes = (connection, _) => connection.Close(abort: true), Consume = _ => 0 };
        using var listener = _transport.Listen(s_anyPort, _loop, _ => server);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.Local);
        await server.NextAsync("opened");

        client.LingerState = new LingerOption(enable: true, seconds: 0);
        client.Close();

        Assert.That(await server.NextAsync(), Is.EqualTo("closed: Connection reset by peer"));
    }

    [Test]
    public async Task A_connection_comes_from_the_local_address_that_was_asked_for()
    {
        var server = new RecordingHandler();
        using var listener = _transport.Listen(s_anyPort, _loop, _ => server);
        var client = new RecordingHandler();

        _transport.Connect(listener.Local, new IPEndPoint(IPAddress.Parse("127.0.0.9"), 0), _loop, client);
        await client.NextAsync("opened");
        await server.NextAsync("opened");

        Assert.That(client.Connection!.Local, Is.EqualTo(server.Connection!.Remote));
        Assert.That(((IPEndPoint)server.Connection.Remote).Address, Is.EqualTo(IPAddress.Parse("127.0.0.9")));
    }

    [Test]
    public async Task What_a_far_end_does_not_read_is_pending_and_when_it_reads_all_the_writer_may_go_on()
    {
        var server = new RecordingHandler();
        using var listener = _transport.Listen(s_anyPort, _loop, _ => server);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.Local);
        await server.NextAsync("opened");
        const int Length = 32 << 20;

        _loop.Post(connection => connection.Send(new byte[Length]), server.Connection!);
        var pending = await _loop.AskAsync(() => server.Connection!.PendingBytes);
        var buffer = new byte[1 << 20];
        for (var read = 0; read < Length; )
        {
            read += await client.ReceiveAsync(buffer);
        }

        Assert.That(pending, Is.Positive);
        Assert.That(await server.NextAsync(), Is.EqualTo("writable"));
        Assert.That(await _loop.AskAsync(() => server.Connection!.PendingBytes), Is.Zero);
    }

    [Test]
    public async Task Nothing_is_told_after_an_abort()
    {
        var server = new RecordingHandler { OnBytes = (connection, _) => connection.Close(abort: true) };
        using var listener = _transport.Listen(s_anyPort, _loop, _ => server);
        var client = new RecordingHandler();
        _transport.Connect(listener.Local, local: null, _loop, client);
        await client.NextAsync("opened");

        _loop.Post(connection => connection.Send(new byte[100_000]), client.Connection!);
        await client.NextAsync("closed");
        await _loop.RunAsync(() => server.Connection!.Send(new byte[1]));

        Assert.That(await server.NextAsync(), Is.EqualTo("opened"));
        Assert.That(await server.NextAsync(), Is.EqualTo("closed: closed by this side"));
        Assert.That(await server.NextAsync(), Does.StartWith("received"), "the line of the read in which it closed");
        Assert.That(server.HasMore, Is.False);
    }

    private sealed class ForeignEndPoint : EndPoint
    {
        public override AddressFamily AddressFamily => AddressFamily.Atm;
    }
}
