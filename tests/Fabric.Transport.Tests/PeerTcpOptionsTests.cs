using System.Globalization;
using System.Net;
using Fabric.Runtime;
using Fabric.Transport.Polling;

namespace Fabric.Transport.Tests;

/// <summary>The kernel's own counters (/proc/net/netstat) tell what it has refused.</summary>
[NonParallelizable]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PeerTcpOptionsTests : IDisposable
{
    private static readonly PeerTcpOptions s_right = new() { Md5Key = "correct horse" };
    private static readonly PeerTcpOptions s_wrong = new() { Md5Key = "battery staple" };

    private readonly PollLoop _loop = new("peer options test", TimeProvider.System, exception => Assert.Fail(exception.ToString()));
    private readonly PollTransport _transport = new();
    private readonly RecordingHandler _server = new();
    private readonly RecordingHandler _client = new();

    public void Dispose() => _loop.Dispose();

    [TestCase("127.0.0.1")]
    [TestCase("::1")]
    public async Task The_same_key_on_both_sides_connects(string address)
    {
        using var listener = Listen(address);
        await SetAsync(listener, address, s_right);

        Connect(listener, s_right);

        Assert.That(await _client.NextAsync(), Is.EqualTo("opened"));
        Assert.That(await _server.NextAsync(), Is.EqualTo("opened"));
    }

    [TestCase("127.0.0.1")]
    [TestCase("::1")]
    public async Task Another_key_does_not_connect_until_the_listener_is_given_the_same(string address)
    {
        using var listener = Listen(address);
        await SetAsync(listener, address, s_right);
        var before = Counter("TCPMD5Failure");

        Connect(listener, s_wrong);
        await Until(() => Counter("TCPMD5Failure") > before);
        Assert.That(_server.HasMore || _client.HasMore, Is.False);

        // TCP tries again by itself.
        await SetAsync(listener, address, s_wrong);
        Assert.That(await _client.NextAsync(), Is.EqualTo("opened"));
    }

    [Test]
    public async Task Without_a_key_nobody_connects_from_an_address_that_has_one_until_it_is_taken_away()
    {
        using var listener = Listen("127.0.0.1");
        await SetAsync(listener, "127.0.0.1", s_right);
        var before = Counter("TCPMD5NotFound");

        Connect(listener, options: null);
        await Until(() => Counter("TCPMD5NotFound") > before);
        Assert.That(_server.HasMore || _client.HasMore, Is.False);

        await SetAsync(listener, "127.0.0.1", options: null);
        Assert.That(await _client.NextAsync(), Is.EqualTo("opened"));
    }

    [Test]
    public async Task A_key_of_a_prefix_is_that_of_all_its_addresses_without_one_of_their_own()
    {
        using var listener = Listen("127.0.0.1");
        await _loop.RunAsync(() => listener.SetPeerOptions(IPNetwork.Parse("127.0.0.0/29"), s_right));
        await SetAsync(listener, "127.0.0.2", s_wrong);

        foreach (var (from, options) in new[] { ("127.0.0.1", s_right), ("127.0.0.2", s_wrong), ("127.0.0.9", null) })
        {
            var client = new RecordingHandler();
            _transport.Connect(listener.Local, new IPEndPoint(IPAddress.Parse(from), 0), options, _loop, client);
            Assert.That(await client.NextAsync(), Is.EqualTo("opened"), from);
        }
    }

    [Test]
    public async Task An_address_that_asks_for_nothing_inside_of_a_prefix_with_a_key_connects_unsigned_and_nobody_else_does()
    {
        using var listener = Listen("127.0.0.1");
        await _loop.RunAsync(() => listener.SetPeerOptions(IPNetwork.Parse("127.0.0.0/29"), s_right));
        await SetAsync(listener, "127.0.0.2", PeerTcpOptions.None);
        await _loop.RunAsync(() => listener.SetPeerOptions(IPNetwork.Parse("127.0.0.4/31"), PeerTcpOptions.None));
        await SetAsync(listener, "127.0.0.5", s_wrong);

        foreach (
            var (from, options) in new[]
            {
                ("127.0.0.1", s_right),
                ("127.0.0.2", null),
                ("127.0.0.3", s_right),
                ("127.0.0.4", null),
                ("127.0.0.5", s_wrong),
                ("127.0.0.7", s_right),
            }
        )
        {
            var client = new RecordingHandler();
            _transport.Connect(listener.Local, new IPEndPoint(IPAddress.Parse(from), 0), options, _loop, client);
            Assert.That(await client.NextAsync(), Is.EqualTo("opened"), from);
        }

        var before = Counter("TCPMD5NotFound");
        var stranger = new RecordingHandler();
        _transport.Connect(listener.Local, new IPEndPoint(IPAddress.Parse("127.0.0.3"), 0), options: null, _loop, stranger);
        await Until(() => Counter("TCPMD5NotFound") > before);

        await SetAsync(listener, "127.0.0.2", options: null);
        var again = new RecordingHandler();
        _transport.Connect(listener.Local, new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0), s_right, _loop, again);
        Assert.That(await again.NextAsync(), Is.EqualTo("opened"), "the prefix's key is its again");
        Assert.That(stranger.HasMore, Is.False);
    }

    [TestCase("127.0.0.1")]
    [TestCase("::1")]
    public async Task TTL_security_takes_what_comes_with_255_and_drops_what_comes_with_less(string address)
    {
        using var listener = Listen(address);
        await SetAsync(listener, address, new PeerTcpOptions().WithTtlSecurity());
        Connect(listener, new PeerTcpOptions().WithTtlSecurity());
        await _client.NextAsync("opened");
        await _server.NextAsync("opened");
        _loop.Post(connection => connection.Send("near"u8), _client.Connection!);
        Assert.That(await _server.NextAsync(), Is.EqualTo("received 4"));

        var far = new RecordingHandler();
        _transport.Connect(listener.Local, local: null, new PeerTcpOptions { Ttl = 64 }, _loop, far);
        await far.NextAsync("opened");
        await _server.NextAsync("opened");
        var before = Counter("TCPMinTTLDrop");
        _loop.Post(connection => connection.Send("far"u8), far.Connection!);
        await Until(() => Counter("TCPMinTTLDrop") > before);

        Assert.That(_server.Received, Is.EqualTo("near"u8.ToArray()));
    }

    [Test]
    public void Transports_without_the_options_refuse_them_rather_than_connect_unsigned()
    {
        var sockets = new SocketTransport();
        using var listener = sockets.Listen(new IPEndPoint(IPAddress.Loopback, 0), _loop, _ => _server);

        Assert.That(() => listener.SetPeerOptions(IPAddress.Loopback, s_right), Throws.TypeOf<NotSupportedException>());
        Assert.That(() => sockets.Connect(listener.Local, null, s_right, _loop, _client), Throws.TypeOf<NotSupportedException>());
    }

    private IListener Listen(string address) => _transport.Listen(new IPEndPoint(IPAddress.Parse(address), 0), _loop, _ => _server);

    private Task SetAsync(IListener listener, string address, PeerTcpOptions? options) =>
        _loop.RunAsync(() => listener.SetPeerOptions(IPAddress.Parse(address), options));

    private void Connect(IListener listener, PeerTcpOptions? options) =>
        _transport.Connect(listener.Local, local: null, options, _loop, _client);

    private static long Counter(string name)
    {
        var lines = File.ReadAllLines("/proc/net/netstat").Where(line => line.StartsWith("TcpExt:", StringComparison.Ordinal)).ToArray();
        var column = lines[0].Split(' ').AsSpan().IndexOf(name);
        return long.Parse(lines[1].Split(' ')[column], CultureInfo.InvariantCulture);
    }

    private static async Task Until(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!condition())
        {
            await look.WaitForNextTickAsync(deadline.Token);
        }
    }
}
