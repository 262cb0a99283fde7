using System.Buffers.Binary;
using Fabric.Model.Datapath;
using Fabric.Runtime;
using Google.Protobuf;

namespace Fabric.Datapath.Host.Node;

/// <summary>
/// One connection of the agent: frames of a four-octet big-endian length, then an Envelope (schemas/datapath/tables.proto). A peer that
/// breaks the protocol, or reads no answers, is closed; the tables stay.
/// </summary>
/// <param name="records">What waits for an agent that wants records.</param>
/// <param name="apply">
/// Takes a batch, and says when all workers have it: null when every entry was taken, else what is wrong. False when it takes none now.
/// </param>
/// <param name="closed">Hears of the end, with the reason.</param>
internal sealed class AgentConnection(
    RecordFrames records,
    Func<Batch, Action<string?>, bool> apply,
    Action<AgentConnection, string> closed
) : IConnectionHandler
{
    public const int MaxEnvelope = 16 << 20;
    private const int LengthOctets = 4;
    private const int MaxPendingAnswers = 1 << 20;

    // Below that of answers: records never cost an agent its connection. Heartbeats go behind them.
    private const int MaxPendingRecords = 1 << 19;
    private const int MaxPendingHeartbeats = 3 << 18;

    private IConnection? _connection;
    private string? _fault;
    private bool _wantsHeartbeats;
    private bool _wantsRecords;

    public void OnOpened(IConnection connection) => _connection = connection;

    public int OnReceived(IConnection connection, ReadOnlySpan<byte> bytes)
    {
        var consumed = 0;
        while (_fault is null && bytes.Length - consumed >= LengthOctets)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(bytes[consumed..]);
            if (length is 0 or > MaxEnvelope)
            {
                Fail(connection, $"the agent announced an envelope of {length} octets; 1 to {MaxEnvelope} are allowed");
            }
            else if (bytes.Length - consumed - LengthOctets < length)
            {
                break;
            }
            else
            {
                Receive(connection, bytes.Slice(consumed + LengthOctets, (int)length));
                consumed += LengthOctets + (int)length;
            }
        }

        return _fault is null ? consumed : bytes.Length;
    }

    public void OnWritable(IConnection connection) => SendRecords();

    public void OnSecured(IConnection connection, IReadOnlyList<string> peerNames) { }

    public void OnClosed(IConnection connection, string reason)
    {
        _connection = null;
        closed(this, _fault ?? reason);
    }

    /// <summary>Shows an agent that asked for it that the worker loops run.</summary>
    /// <param name="nanoseconds">The heartbeat of the shared memory.</param>
    public void Beat(ulong nanoseconds)
    {
        // One that does not read is left alone: its connection ends with the next answer that finds no room.
        if (_wantsHeartbeats && _connection is { } connection && connection.PendingBytes <= (_wantsRecords ? MaxPendingHeartbeats : 0))
        {
            Send(connection, new Envelope { Heartbeat = new Heartbeat { Nanoseconds = nanoseconds } });
        }
    }

    /// <summary>Sends an agent that asked for it what waits for it, as long as it reads.</summary>
    public void SendRecords()
    {
        while (_wantsRecords && _connection is { } connection && connection.PendingBytes < MaxPendingRecords)
        {
            var frame = records.Next();
            if (frame.IsEmpty)
            {
                return;
            }

            connection.Send(frame);
        }
    }

    /// <summary>Ends the connection for a reason of ours.</summary>
    public void Close(string reason)
    {
        _fault ??= reason;
        _connection?.Close(abort: true);
    }

    private void Receive(IConnection connection, ReadOnlySpan<byte> payload)
    {
        Envelope envelope;
        try
        {
            envelope = Envelope.Parser.ParseFrom(payload);
        }
        catch (InvalidProtocolBufferException exception)
        {
            Fail(connection, $"the agent sent an envelope that is no protocol buffer: {exception.Message}");
            return;
        }

        if (envelope.BodyCase != Envelope.BodyOneofCase.Batch)
        {
            Fail(connection, $"the agent sent {envelope.BodyCase} where only Batch is expected");
            return;
        }

        _wantsHeartbeats |= envelope.Batch.Heartbeats;
        if (envelope.Batch.Records is not null && !_wantsRecords)
        {
            _wantsRecords = true;
            records.Begin();
        }

        var generation = envelope.Batch.Generation;
        if (!apply(envelope.Batch, error => Answer(generation, error)))
        {
            Fail(connection, "a worker does not take its tables");
        }
    }

    // The agent may have gone meanwhile.
    private void Answer(ulong generation, string? error)
    {
        if (_connection is not { } connection || _fault is not null)
        {
            return;
        }

        Send(
            connection,
            new Envelope
            {
                Applied = new Applied { Generation = generation, Error = error ?? "" },
            }
        );
        if (connection.PendingBytes > MaxPendingAnswers)
        {
            Fail(connection, "the agent does not read its answers");
        }
    }

    private static void Send(IConnection connection, Envelope envelope)
    {
        var size = envelope.CalculateSize();
        var frame = new byte[LengthOctets + size];
        BinaryPrimitives.WriteInt32BigEndian(frame, size);
        envelope.WriteTo(frame.AsSpan(LengthOctets));
        connection.Send(frame);
    }

    private void Fail(IConnection connection, string fault)
    {
        _fault = fault;
        connection.Close(abort: true);
    }
}
