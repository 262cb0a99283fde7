using System.Net;
using System.Net.Sockets;

namespace Fabric.Runtime;

/// <summary>Stream connections between processes: sockets (Fabric.Transport: on the thread pool, or polled by a loop) and the simulator's network.</summary>
public interface ITransport
{
    /// <summary>Accepts connections on a local end point; each is handed to <paramref name="accepted"/> on the loop, which gives its handler.</summary>
    /// <exception cref="IOException">The end point cannot be bound; the message names it and the cause.</exception>
    IListener Listen(EndPoint local, IEventLoop loop, Func<IConnection, IConnectionHandler> accepted);

    /// <summary>Begins to connect. The handler hears of success by <see cref="IConnectionHandler.OnOpened"/> or of failure by <see cref="IConnectionHandler.OnClosed"/>.</summary>
    IConnection Connect(EndPoint remote, EndPoint? local, IEventLoop loop, IConnectionHandler handler);

    /// <summary>The same with what the session asks of TCP. A network that is not TCP's (the simulator's, a test's) has nothing to set.</summary>
    /// <exception cref="NotSupportedException">It is TCP, but has no such options.</exception>
    IConnection Connect(EndPoint remote, EndPoint? local, PeerTcpOptions? options, IEventLoop loop, IConnectionHandler handler) =>
        Connect(remote, local, loop, handler);
}

public interface IListener : IDisposable
{
    EndPoint Local { get; }

    /// <summary>
    /// On the loop: what sessions from these addresses ask of TCP from now on, null for what a shorter prefix asks; open ones keep what they have.
    /// The longest prefix decides, also where it asks for nothing (<see cref="PeerTcpOptions.None"/>) inside of one that has a key. TTL security begins when a connection is accepted: its opening segments are not looked at.
    /// </summary>
    /// <exception cref="IOException">The system refuses; the message says why.</exception>
    /// <exception cref="NotSupportedException">It is TCP, but has no such options.</exception>
    void SetPeerOptions(IPNetwork peers, PeerTcpOptions? options) { }

    /// <inheritdoc cref="SetPeerOptions(IPNetwork, PeerTcpOptions?)"/>
    void SetPeerOptions(IPAddress peer, PeerTcpOptions? options) =>
        SetPeerOptions(new IPNetwork(peer, peer.AddressFamily == AddressFamily.InterNetwork ? 32 : 128), options);
}

/// <summary>One stream connection; its members are called on its loop only.</summary>
public interface IConnection
{
    EndPoint Local { get; }

    EndPoint Remote { get; }

    /// <summary>Bytes sent but not yet taken by the network: what a slow reader costs. Writers stop above a limit of their own and go on at OnWritable.</summary>
    int PendingBytes { get; }

    /// <summary>
    /// Bytes that have come and that the handler has not consumed, those that the system holds among them; 0 where the transport does not know. A
    /// system call at sockets: for people's questions.
    /// </summary>
    int UnreadBytes => 0;

    /// <summary>Queues a copy of the bytes; never blocks.</summary>
    void Send(ReadOnlySpan<byte> bytes);

    /// <summary>
    /// Queues the segment's bytes, by reference where the transport can: the caller may release it at once but not change it any more.
    /// </summary>
    void Send(OutputSegment segment) => Send(segment.Bytes);

    /// <summary>Starts TLS on the open connection after what was sent so far (STARTTLS). The handler hears OnSecured or OnClosed.</summary>
    void StartTls(TlsCredentials credentials, TlsRole role);

    /// <summary>Closes after what was queued has been sent, or at once when <paramref name="abort"/>. OnClosed follows unless it was already called.</summary>
    void Close(bool abort = false);
}

/// <summary>What a connection tells its owner, always on the owner's loop, and nothing after OnClosed.</summary>
public interface IConnectionHandler
{
    void OnOpened(IConnection connection);

    /// <summary>Gives all bytes not yet consumed, in one piece. Returns how many were consumed; the rest comes again with more.</summary>
    int OnReceived(IConnection connection, ReadOnlySpan<byte> bytes);

    /// <summary>PendingBytes fell to zero after a send.</summary>
    void OnWritable(IConnection connection);

    /// <summary>
    /// TLS is up; the names are those of the peer's verified certificate: DNS names and addresses of its subject alternative names, or its common name if
    /// it has none of those.
    /// </summary>
    void OnSecured(IConnection connection, IReadOnlyList<string> peerNames);

    void OnClosed(IConnection connection, string reason);
}

public enum TlsRole
{
    Client,
    Server,
}

/// <summary>Files of a mutual TLS identity in PEM: own certificate, own key, and the authority that both sides trust.</summary>
public sealed record TlsCredentials(string CertificateFile, string KeyFile, string AuthorityFile);
