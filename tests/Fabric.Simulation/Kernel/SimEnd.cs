using System.Net;
using Fabric.Runtime;

namespace Fabric.Simulation.Kernel;

/// <summary>One end of a stream. What it sends leaves in chunks of random size; the receiving end keeps what its handler did not consume.</summary>
internal sealed class SimEnd(SimStream stream, EndPoint local, EndPoint remote, IEventLoop loop) : IConnection
{
    private readonly List<byte> _outgoing = [];
    private readonly List<byte> _unconsumed = [];
    private bool _flying;
    private bool _paused;
    private bool _closing;
    private int _inFlight;
    private string? _certifiedName;

    public IConnectionHandler? Handler { get; set; }

    public SimEnd? Peer { get; set; }

    public IEventLoop Loop => loop;

    public EndPoint Local => local;

    public EndPoint Remote => remote;

    public bool IsClosed { get; private set; }

    public int PendingBytes => _outgoing.Count + _inFlight;

    public int UnreadBytes => _unconsumed.Count;

    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (IsClosed || _closing || bytes.IsEmpty)
        {
            return;
        }

        _outgoing.AddRange(bytes);
        stream.NotePending(PendingBytes);
        Fly();
    }

    /// <summary>The simulator's network cannot be overheard; once both ends ask for TLS each is told the name in the other's certificate file.</summary>
    public void StartTls(TlsCredentials credentials, TlsRole role)
    {
        _certifiedName = Path.GetFileNameWithoutExtension(credentials.CertificateFile);
        if (Peer is { _certifiedName: not null } peer)
        {
            TellSecured(peer._certifiedName);
            peer.TellSecured(_certifiedName);
        }
    }

    public void Close(bool abort = false)
    {
        if (IsClosed || _closing)
        {
            return;
        }

        _closing = true;
        if (abort || PendingBytes == 0)
        {
            Finish();
        }
    }

    public void SetPaused(bool paused)
    {
        _paused = paused;
        Fly();
    }

    public void TellOpened()
    {
        if (!IsClosed)
        {
            Handler!.OnOpened(this);
        }
    }

    public void Ended(string reason)
    {
        if (IsClosed)
        {
            return;
        }

        IsClosed = true;
        loop.Post(state => state.End.Handler?.OnClosed(state.End, state.Reason), (End: this, Reason: reason));
    }

    private void TellSecured(string peerName) =>
        loop.Post(
            state =>
            {
                if (!state.End.IsClosed)
                {
                    state.End.Handler!.OnSecured(state.End, [state.Name]);
                }
            },
            (End: this, Name: peerName)
        );

    private void Finish()
    {
        Ended("closed by this side");
        Peer?.Ended("closed by the peer");
    }

    private void Fly()
    {
        if (_flying || _paused || IsClosed || _outgoing.Count == 0)
        {
            return;
        }

        _flying = true;
        var random = stream.Scheduler.Random;
        stream.Scheduler.Schedule(TimeSpan.FromMicroseconds(20 + random.Next(500)), Land);
    }

    private void Land()
    {
        _flying = false;
        if (IsClosed || _paused || Peer is not { } peer)
        {
            return;
        }

        var random = stream.Scheduler.Random;
        var size = random.Next(4) == 0 ? 1 + random.Next(Math.Min(40, _outgoing.Count)) : _outgoing.Count;
        var chunk = _outgoing.GetRange(0, size).ToArray();
        _outgoing.RemoveRange(0, size);
        _inFlight += size;
        peer.Loop.Post(state => state.Peer.Receive(state.Chunk, state.From), (Peer: peer, Chunk: chunk, From: this));
        Fly();
    }

    private void Receive(byte[] chunk, SimEnd from)
    {
        from._inFlight -= chunk.Length;
        if (!IsClosed)
        {
            _unconsumed.AddRange(chunk);
            var consumed = Handler!.OnReceived(this, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_unconsumed));
            _unconsumed.RemoveRange(0, consumed);
        }

        if (from is { PendingBytes: 0, IsClosed: false })
        {
            from.Loop.Post(
                end =>
                {
                    if (!end.IsClosed && end.PendingBytes == 0)
                    {
                        end.Drained();
                    }
                },
                from
            );
        }
    }

    private void Drained()
    {
        if (_closing)
        {
            Finish();
        }
        else
        {
            Handler!.OnWritable(this);
        }
    }
}
