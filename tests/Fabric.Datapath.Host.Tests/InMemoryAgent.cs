using System.Buffers.Binary;
using System.Net;
using Fabric.Model.Datapath;
using Fabric.Runtime;
using Google.Protobuf;

namespace Fabric.Datapath.Host.Tests;

/// <summary>A transport of one listener whose connections are driven by the test: bytes in by hand, answers kept.</summary>
internal sealed class InMemoryTransport : ITransport, IListener
{
    private Func<IConnection, IConnectionHandler>? _accepted;

    public EndPoint Local { get; } = new IPEndPoint(IPAddress.Loopback, 1);

    public InMemoryAgent Connect()
    {
        var agent = new InMemoryAgent();
        agent.Open(_accepted!(agent));
        return agent;
    }

    public IListener Listen(EndPoint local, IEventLoop loop, Func<IConnection, IConnectionHandler> accepted)
    {
        _accepted = accepted;
        return this;
    }

    public IConnection Connect(EndPoint remote, EndPoint? local, IEventLoop loop, IConnectionHandler handler) =>
        throw new NotSupportedException();

    public void Dispose() => _accepted = null;
}

/// <summary>The agent's end of a connection to the node.</summary>
internal sealed class InMemoryAgent : IConnection
{
    private readonly List<byte> _unread = [];
    private IConnectionHandler? _handler;

    public List<Applied> Answers { get; } = [];

    public List<Heartbeat> Heartbeats { get; } = [];

    public List<Records> Records { get; } = [];

    public bool IsClosed { get; private set; }

    public EndPoint Local { get; } = new IPEndPoint(IPAddress.Loopback, 1);

    public EndPoint Remote { get; } = new IPEndPoint(IPAddress.Loopback, 2);

    public int PendingBytes { get; set; }

    /// <summary>The network takes at once what is sent.</summary>
    public bool TakesBytes { get; set; } = true;

    public static byte[] Frame(IMessage message)
    {
        var payload = message.ToByteArray();
        var frame = new byte[4 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length);
        payload.CopyTo(frame, 4);
        return frame;
    }

    public void Open(IConnectionHandler handler)
    {
        _handler = handler;
        handler.OnOpened(this);
    }

    public void Give(params ReadOnlySpan<byte> bytes)
    {
        _unread.AddRange(bytes);
        var consumed = _handler!.OnReceived(this, _unread.ToArray());
        _unread.RemoveRange(0, consumed);
    }

    public void Give(Batch batch) => Give(Frame(new Envelope { Batch = batch }));

    public void Send(ReadOnlySpan<byte> bytes)
    {
        Assert.That(BinaryPrimitives.ReadInt32BigEndian(bytes), Is.EqualTo(bytes.Length - 4), "length of the answer's frame");
        var envelope = Envelope.Parser.ParseFrom(bytes[4..]);
        PendingBytes += TakesBytes ? 0 : bytes.Length;
        if (envelope.Heartbeat is { } heartbeat)
        {
            Heartbeats.Add(heartbeat);
        }
        else if (envelope.Records is { } records)
        {
            Records.Add(records);
        }
        else
        {
            Answers.Add(envelope.Applied);
        }
    }

    /// <summary>The agent has read all that was sent.</summary>
    public void Drain()
    {
        PendingBytes = 0;
        _handler!.OnWritable(this);
    }

    public void StartTls(TlsCredentials credentials, TlsRole role) => throw new NotSupportedException();

    public void Close(bool abort = false)
    {
        if (!IsClosed)
        {
            IsClosed = true;
            _handler!.OnClosed(this, "closed");
        }
    }
}
