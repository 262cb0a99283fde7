using System.Net;
using System.Text;
using Fabric.Agent.Inspection;
using Fabric.Agent.Node;
using Fabric.Primitives;
using Fabric.Runtime;
using Fabric.Testing;
using Fabric.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fabric.Agent.Tests;

/// <summary>Real certificates over real sockets: hosts have some of the same authority, and none of them makes its owner a control node.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ControllerCertificateTests : IDisposable
{
    private readonly ThreadLoop _loop = new("certificate test", TimeProvider.System, exception => Assert.Fail(exception.ToString()));
    private readonly SocketTransport _transport = new();
    private readonly TestAuthority _authority = new();
    private IListener? _listener;

    public void Dispose()
    {
        _listener?.Dispose();
        _loop.Dispose();
        _authority.Dispose();
    }

    [Test]
    public async Task A_control_node_with_the_address_that_was_dialled_is_taken() =>
        Assert.That((await Meet(_authority.Issue("control1", "127.0.0.1"))).State, Is.EqualTo("Established"));

    [Test]
    public async Task A_control_node_with_a_name_of_the_file_is_taken() =>
        Assert.That((await Meet(_authority.Issue("control1"), "control2", "control1")).State, Is.EqualTo("Established"));

    [Test]
    public async Task A_host_that_plays_the_control_node_is_refused() =>
        Assert.That(
            (await Meet(_authority.Issue("host9", "127.0.0.9"))).Reason,
            Is.EqualTo("the control node's certificate is for host9, 127.0.0.9, not for 127.0.0.1")
        );

    [Test]
    public async Task The_address_does_not_stand_for_a_name_of_the_file() =>
        Assert.That(
            (await Meet(_authority.Issue("host9", "127.0.0.1"), "control1")).Reason,
            Is.EqualTo("the control node's certificate is for host9, 127.0.0.1, not for control1")
        );

    /// <summary>The first thing that comes of a session: that it is up, or why not.</summary>
    private async Task<ControllerStatus> Meet(TlsCredentials controlNode, params string[] names)
    {
        _listener = _transport.Listen(new IPEndPoint(IPAddress.Loopback, 0), _loop, _ => new ControlNode(controlNode));
        var options = new AgentNodeOptions
        {
            Name = "host1",
            Address = IpAddress.Parse("127.0.0.1"),
            Controllers = [_listener.Local],
            DataPlane = new System.Net.Sockets.UnixDomainSocketEndPoint("/nonexistent/dp.sock"),
            Tls = _authority.Issue("host1"),
            ControllerNames = names,
        };
        var node = new AgentNode(options, _loop, _transport, new MemoryState(), NullLogger<AgentNode>.Instance);
        _loop.Post(static started => started.Start(), node);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var status = await _loop.AskAsync(() => node.Status().Controllers.Single());
            if (status.State == "Established" || status.Reason is not null)
            {
                await _loop.AskAsync(() =>
                {
                    node.Dispose();
                    return true;
                });
                return status;
            }

            await poll.WaitForNextTickAsync(deadline.Token);
        }
    }

    /// <summary>The other end of a session up to its beginning.</summary>
    private sealed class ControlNode(TlsCredentials credentials) : IConnectionHandler
    {
        private const string Open =
            "<?xml version='1.0'?><stream:stream from=\"network-control@contrailsystems.com\" to=\"host1\" id=\"++1\" version=\"1.0\" xml:lang=\"en\" "
            + "xmlns=\"\" xmlns:stream=\"http://etherx.jabber.org/streams\">";

        private const string Features =
            "<stream:features><starttls xmlns=\"urn:ietf:params:xml:ns:xmpp-tls\"><required/></starttls></stream:features>";

        private bool _isSecured;

        void IConnectionHandler.OnOpened(IConnection connection) { }

        int IConnectionHandler.OnReceived(IConnection connection, ReadOnlySpan<byte> bytes)
        {
            var text = Encoding.UTF8.GetString(bytes);
            if (text.Contains("<stream:stream", StringComparison.Ordinal))
            {
                connection.Send(Encoding.UTF8.GetBytes(_isSecured ? Open : Open + Features));
            }
            else if (text.Contains("<starttls", StringComparison.Ordinal))
            {
                connection.Send("<proceed xmlns=\"urn:ietf:params:xml:ns:xmpp-tls\"/>"u8);
                connection.StartTls(credentials, TlsRole.Server);
            }

            return bytes.Length;
        }

        void IConnectionHandler.OnWritable(IConnection connection) { }

        void IConnectionHandler.OnSecured(IConnection connection, IReadOnlyList<string> peerNames) => _isSecured = true;

        void IConnectionHandler.OnClosed(IConnection connection, string reason) { }
    }
}
