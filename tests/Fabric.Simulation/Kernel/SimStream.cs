using System.Net;
using Fabric.Runtime;

namespace Fabric.Simulation.Kernel;

/// <summary>One connection with its two ends.</summary>
internal sealed class SimStream
{
    private readonly SimEnd _client;
    private SimEnd? _server;

    public SimStream(
        SimScheduler scheduler,
        string clientNode,
        EndPoint local,
        EndPoint remote,
        IEventLoop loop,
        IConnectionHandler handler,
        Action<int> notePending
    )
    {
        Scheduler = scheduler;
        NotePending = notePending;
        ClientNode = clientNode;
        ServerNode = clientNode;
        _client = new SimEnd(this, local, remote, loop) { Handler = handler };
    }

    public SimScheduler Scheduler { get; }

    /// <summary>Hears how much an end holds back.</summary>
    public Action<int> NotePending { get; }

    public string ClientNode { get; }

    public string ServerNode { get; private set; }

    public IConnection ClientEnd => _client;

    public bool HasPendingBytes => !IsClosed && (_client.PendingBytes > 0 || _server?.PendingBytes > 0);

    public bool IsClosed => _client.IsClosed && _server?.IsClosed != false;

    public void Accept(SimListener listener)
    {
        ServerNode = listener.Node;
        var server = new SimEnd(this, _client.Remote, _client.Local, listener.Loop);
        _server = server;
        _client.Peer = server;
        server.Peer = _client;
        listener.Loop.Post(
            state =>
            {
                server.Handler = state(server);
                server.Handler.OnOpened(server);
            },
            listener.Accepted
        );
        _client.Loop.Post(end => end.TellOpened(), _client);
    }

    public void Refuse(string reason) => _client.Ended(reason);

    public void Reset(string reason)
    {
        _client.Ended(reason);
        _server?.Ended(reason);
    }

    public void SetPaused(string reader, string writer, bool paused)
    {
        if (ClientNode == writer && ServerNode == reader)
        {
            _client.SetPaused(paused);
        }
        else if (ServerNode == writer && ClientNode == reader)
        {
            _server?.SetPaused(paused);
        }
    }
}
