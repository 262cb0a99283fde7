using System.Net;
using System.Net.Sockets;
using Fabric.Runtime;

namespace Fabric.Transport.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SocketTransportTests : IDisposable
{
    private static readonly IPEndPoint s_anyPort = new(IPAddress.Loopback, 0);

    private readonly ThreadLoop _loop = new("transport test", TimeProvider.System, exception => Assert.Fail(exception.ToString()));
    private readonly SocketTransport _transport = new();

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
        int port;
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }

        var client = new RecordingHandler();
        _transport.Connect(new IPEndPoint(IPAddress.Loopback, port), local: null, _loop, client);

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
    public async Task StartTls_secures_both_ways_and_tells_the_names_of_the_certificates()
    {
        using var authority = new TestAuthority();
        var (server, client, listener) = await ConnectForTls(authority.Issue("control1"), authority.Issue("host1"));
        using var _ = listener;

        Assert.That(await server.NextAsync("secured"), Is.EqualTo("secured host1"));
        Assert.That(await client.NextAsync("secured"), Is.EqualTo("secured control1"));
        _loop.Post(connection => connection.Send("hello"u8), client.Connection!);
        await server.NextAsync("received");

        Assert.That(server.Received, Is.EqualTo("starttls"u8.ToArray().Concat("hello"u8.ToArray())));
    }

    [Test]
    public async Task A_certificate_of_another_authority_is_refused_with_the_reason()
    {
        using var authority = new TestAuthority();
        using var stranger = new TestAuthority();
        var (server, _, listener) = await ConnectForTls(authority.Issue("control1"), stranger.Issue("host1"));
        using var __ = listener;

        Assert.That(await server.NextAsync("closed"), Does.Contain("certificate was refused"));
    }

    private async Task<(RecordingHandler Server, RecordingHandler Client, IListener Listener)> ConnectForTls(
        TlsCredentials serverCredentials,
        TlsCredentials clientCredentials
    )
    {
        var server = new RecordingHandler
        {
            OnBytes = (connection, bytes) =>
            {
                if (bytes.AsSpan().SequenceEqual("starttls"u8))
                {
                    connection.Send("proceed"u8);
                    connection.StartTls(serverCredentials, TlsRole.Server);
                }
            },
        };
        var listener = _transport.Listen(s_anyPort, _loop, _ => server);
        var client = new RecordingHandler
        {
            OnBytes = (connection, bytes) =>
            {
                if (bytes.AsSpan().SequenceEqual("proceed"u8))
                {
                    connection.StartTls(clientCredentials, TlsRole.Client);
                }
            },
        };
        _transport.Connect(listener.Local, local: null, _loop, client);
        await client.NextAsync("opened");
        _loop.Post(connection => connection.Send("starttls"u8), client.Connection!);
        return (server, client, listener);
    }
}
