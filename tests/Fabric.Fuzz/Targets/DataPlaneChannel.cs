using System.Net;
using Fabric.Datapath;
using Fabric.Datapath.Host.Node;
using Fabric.Datapath.Inspection;
using Fabric.Datapath.Shared;
using Fabric.Fuzz.Engine;
using Fabric.Model.Datapath;
using Fabric.Runtime;

namespace Fabric.Fuzz.Targets;

/// <summary>Frames of the agent's channel and the tables that they leave; then packets meet those tables.</summary>
internal sealed class DataPlaneChannel : IFuzzSubject, IConnection, IPacketOutput
{
    private static readonly byte[][] s_frames = [.. CorpusFile.All("Corpus/packet-vif").SelectMany(f => f.Inputs)];
    private static readonly byte[][] s_packets = [.. CorpusFile.All("Corpus/packet-uplink").SelectMany(f => f.Inputs)];

    private readonly Random _random;
    private readonly Pipeline _pipeline = new(
        SharedMemory.Allocate(new SharedSizes(64), seed: 1),
        new PipelineOptions { FlowsPerVif = 32 }
    );
    private readonly AgentConnection _connection;
    private readonly Pieces _stream;
    private readonly byte[] _storage = new byte[4096];
    private string? _closed;
    private bool _isClosed;
    private int _batches;
    private int _answers;
    private int _emptyFaults;

    public DataPlaneChannel(Random random)
    {
        _random = random;
        _connection = new AgentConnection(new RecordFrames(_pipeline.Records), Apply, (_, reason) => _closed = reason);
        _connection.OnOpened(this);
        _stream = new Pieces(bytes => _connection.OnReceived(this, bytes));
    }

    EndPoint IConnection.Local { get; } = new IPEndPoint(IPAddress.Loopback, 1);

    EndPoint IConnection.Remote { get; } = new IPEndPoint(IPAddress.Loopback, 2);

    int IConnection.PendingBytes => 0;

    public int Taken => _batches;

    public void Feed(ReadOnlySpan<byte> input)
    {
        if (!_isClosed)
        {
            _stream.GiveInPieces(input, _random);
        }
    }

    public void Check()
    {
        Invariant.Holds(_batches == _answers, $"{_answers} answers to {_batches} batches");
        Invariant.Holds(_emptyFaults == 0, "a batch was refused without words");
        Invariant.Holds(!_isClosed || !string.IsNullOrWhiteSpace(_closed), "closed without a reason");
        for (var i = 0; i < 8; i++)
        {
            var frame = Buffer(s_frames[_random.Next(s_frames.Length)]);
            _pipeline.FromVif((uint)_random.Next(4), ref frame, PacketOffload.None, 1_000, this);
            var packet = Buffer(s_packets[_random.Next(s_packets.Length)]);
            _pipeline.FromUplink(ref packet, PacketOffload.None, 1_000, this);
        }

        _pipeline.Age(1_000);
        var inspector = new DatapathInspector(_pipeline);
        Invariant.Holds(inspector.Flows(1_000).Count == _pipeline.Flows.Count, "the flow table has lost count");
        Invariant.Holds(inspector.Vrfs().All(v => inspector.Routes(v.Id).Count == v.Routes), "a VRF has lost count of its routes");
        Invariant.Holds(inspector.Vifs().All(v => v.Id <= 65_535), "a vif beyond the table");
    }

    void IConnection.Send(ReadOnlySpan<byte> bytes) => _answers++;

    void IConnection.StartTls(TlsCredentials credentials, TlsRole role) => throw new NotSupportedException();

    void IConnection.Close(bool abort)
    {
        _isClosed = true;
        _connection.OnClosed(this, "closed by us");
    }

    void IPacketOutput.ToVif(uint vif, ReadOnlySpan<byte> frame, in PacketOffload offload) { }

    void IPacketOutput.ToUplink(ReadOnlySpan<byte> outerIpv4Packet) { }

    private bool Apply(Batch batch, Action<string?> applied)
    {
        _batches++;
        var fault = _pipeline.Tables.Apply(batch);
        _emptyFaults += fault is "" ? 1 : 0;
        if (batch.Records is { } settings)
        {
            _pipeline.Records.Configure(settings, nowMilliseconds: 1_000);
        }

        applied(fault);
        return true;
    }

    private PacketBuffer Buffer(byte[] packet)
    {
        packet.CopyTo(_storage, PacketBuffer.MinimumHeadroom);
        return new PacketBuffer(
            _storage.AsSpan(0, PacketBuffer.MinimumHeadroom + packet.Length),
            PacketBuffer.MinimumHeadroom,
            packet.Length
        );
    }
}
