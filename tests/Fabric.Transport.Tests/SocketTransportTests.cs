using System.Net;
using Fabric.Runtime;
using Fabric.Testing;

namespace Fabric.Transport.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SocketTransportTests : IDisposable
{
    private static readonly IPEndPoint s_anyPort = new(IPAddress.Loopback, 0);

    private readonly ThreadLoop _loop = new("transport test", TimeProvider.System, exception => Assert.Fail(exception.ToString()));
    private readonly SocketTransport _transport = new();

    public void Dispose() => _loop.Dispose();

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
    public async Task The_names_of_a_certificate_are_its_alternative_names_and_addresses()
    {
        using var authority = new TestAuthority();
        var (server, client, listener) = await ConnectForTls(
            authority.Issue("control1", "192.0.2.1", "2001:db8::1"),
            authority.IssueCommonName("host1")
        );
        using var _ = listener;

        Assert.That(await client.NextAsync("secured"), Is.EqualTo("secured control1,192.0.2.1,2001:db8::1"));
        Assert.That(await server.NextAsync("secured"), Is.EqualTo("secured host1"), "the common name, where there is no other");
    }

    [Test]
    public async Task A_name_that_is_spelt_like_an_address_is_no_address()
    {
        using var authority = new TestAuthority();
        var (_, client, listener) = await ConnectForTls(authority.Issue("192.0.2.1", "192.0.2.11"), authority.Issue("host1"));
        using var __ = listener;

        Assert.That(await client.NextAsync("secured"), Is.EqualTo("secured 192.0.2.11"));
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
