using System.Buffers.Binary;
using System.Net;
using Fabric.Agent.Core;
using Fabric.Hosting.Metrics;
using Fabric.Model.Datapath;
using Fabric.Runtime;
using Google.Protobuf;

namespace Fabric.Agent.Node;

/// <summary>
/// The connection to the data plane (schemas/datapath/tables.proto): frames of a four-octet big-endian length, then an Envelope.
/// Comes back by itself. Owned by the agent's loop.
/// </summary>
internal sealed class DataPlaneLink : IConnectionHandler, IDisposable
{
    private const int LengthOctets = 4;

    /// <summary>Answers are small. Reports come some hundred in a frame; a frame of more than 37,000 of them is none.</summary>
    private const int MaxAnswerBytes = 4 << 20;

    /// <summary>A data plane that was killed is back in a fraction of a second, and new flows wait for its tables. The try is a system call on this machine.</summary>
    private static readonly TimeSpan _retryInterval = TimeSpan.FromMilliseconds(50);

    private readonly EndPoint _endPoint;
    private readonly IEventLoop _loop;
    private readonly ITransport _transport;
    private readonly Action<AgentEvent> _raise;
    private readonly Action<Records> _received;
    private readonly Action<string> _lost;
    private readonly LoopTimer _retry;
    private readonly DataPlaneWatch _watch;
    private readonly Queue<(ulong Generation, long SentAt)> _unanswered = [];
    private ulong _sentGeneration;
    private IConnection? _connection;
    private string? _fault;
    private bool _isStopped;

    public DataPlaneLink(
        EndPoint endPoint,
        IEventLoop loop,
        ITransport transport,
        DataPlaneWatch watch,
        Action<AgentEvent> raise,
        Action<Records> received,
        Action<string> lost
    )
    {
        _watch = watch;
        _endPoint = endPoint;
        _loop = loop;
        _transport = transport;
        _raise = raise;
        _received = received;
        _lost = lost;
        _retry = new LoopTimer(loop, Connect);
    }

    public string LastError { get; private set; } = "";

    public Histogram ApplyTimes { get; } = new();

    public void Connect() => _connection = _transport.Connect(_endPoint, null, _loop, this);

    public void Send(Batch batch)
    {
        // A data plane that knows of no heartbeats skips the field, and owes answers alone.
        batch.Heartbeats = batch.BeginSnapshot;
        _sentGeneration = batch.Generation;
        _unanswered.Enqueue((batch.Generation, _loop.Time.GetTimestamp()));
        _watch.Asked();
        var envelope = new Envelope { Batch = batch };
        var size = envelope.CalculateSize();
        var frame = new byte[LengthOctets + size];
        BinaryPrimitives.WriteInt32BigEndian(frame, size);
        envelope.WriteTo(frame.AsSpan(LengthOctets));
        _connection?.Send(frame);
    }

    public void OnOpened(IConnection connection)
    {
        _fault = null;
        _unanswered.Clear();
        LastError = "";
        _watch.Connected();
        _raise(new DataPlaneConnected());
    }

    public int OnReceived(IConnection connection, ReadOnlySpan<byte> bytes)
    {
        var consumed = 0;
        while (_fault is null && bytes.Length - consumed >= LengthOctets)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(bytes[consumed..]);
            if (length > MaxAnswerBytes)
            {
                Fail($"the data plane announced an answer of {length} octets; at most {MaxAnswerBytes} are taken");
                break;
            }

            if (bytes.Length - consumed - LengthOctets < length)
            {
                break;
            }

            Receive(bytes.Slice(consumed + LengthOctets, (int)length));
            consumed += LengthOctets + (int)length;
        }

        return _fault is null ? consumed : bytes.Length;
    }

    public void OnWritable(IConnection connection) { }

    public void OnSecured(IConnection connection, IReadOnlyList<string> peerNames) { }

    public void OnClosed(IConnection connection, string reason)
    {
        _connection = null;
        _watch.Disconnected();
        if (_isStopped)
        {
            return;
        }

        var isNews = LastError != (_fault ?? reason);
        LastError = _fault ?? reason;
        if (isNews)
        {
            _raise(new DataPlaneDisconnected());
            _lost(LastError);
        }

        _retry.Set(_retryInterval);
    }

    public void Dispose()
    {
        _isStopped = true;
        _retry.Dispose();
        _watch.Dispose();
        _connection?.Close();
    }

    private void Receive(ReadOnlySpan<byte> payload)
    {
        Envelope envelope;
        try
        {
            envelope = Envelope.Parser.ParseFrom(payload);
        }
        catch (InvalidProtocolBufferException exception)
        {
            Fail($"the data plane sent an envelope that is no protocol buffer: {exception.Message}");
            return;
        }

        switch (envelope.BodyCase)
        {
            case Envelope.BodyOneofCase.Applied:
                _watch.Answered(isLast: envelope.Applied.Generation == _sentGeneration);
                Measure(envelope.Applied.Generation);
                _raise(new DataPlaneApplied(envelope.Applied.Generation, envelope.Applied.Error));
                break;
            case Envelope.BodyOneofCase.Heartbeat:
                _watch.Beat();
                break;
            case Envelope.BodyOneofCase.Records:
                _received(envelope.Records);
                break;
            default:
                Fail($"the data plane sent {envelope.BodyCase} where only Applied, Heartbeat and Records are expected");
                break;
        }
    }

    // An answer stands for all that was sent before it, too.
    private void Measure(ulong generation)
    {
        while (_unanswered.TryPeek(out var sent) && sent.Generation <= generation)
        {
            ApplyTimes.Observe(_loop.Time.GetElapsedTime(sent.SentAt));
            _unanswered.Dequeue();
        }
    }

    private void Fail(string fault)
    {
        _fault = fault;
        _connection?.Close(abort: true);
    }
}
