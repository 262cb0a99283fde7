using System.Net;
using Fabric.Datapath.Host.PacketIo;
using Fabric.Datapath.Inspection;
using Fabric.Datapath.Shared;
using Fabric.Model.Datapath;
using Fabric.Primitives;
using Fabric.Runtime;

namespace Fabric.Datapath.Host.Node;

/// <summary>
/// A data plane without its sockets: pipeline, tables and flows, the agent's channel, and ageing. Owned by one loop; the program gives it
/// the worker loop and the kernel, the simulator its scheduler and its network.
/// </summary>
public sealed partial class DatapathNode : IPacketInput, IDisposable
{
    private static readonly TimeSpan _heartbeatInterval = TimeSpan.FromSeconds(1);

    private readonly IEventLoop _loop;
    private readonly ITransport _transport;
    private readonly EndPoint _agentEndPoint;
    private readonly IPacketIo _packets;
    private readonly DatapathNodeOptions _options;
    private readonly ILogger _logger;
    private readonly SharedMemory _memory;
    private readonly Pipeline _pipeline;
    private readonly DatapathTables _tables;
    private readonly RecordFrames _records;
    private readonly RecordClock _clock;
    private readonly LoopTimer _ageing;
    private IListener? _listener;
    private AgentConnection? _agent;
    private bool _snapshotTaken;
    private long _lastBeat;

    /// <param name="loop">The owner of this node; every member but the constructor is called on it.</param>
    /// <param name="transport">Carries the agent's channel.</param>
    /// <param name="agentEndPoint">Where the agent connects: dp.sock.</param>
    /// <param name="packets">Where packets come from and go to; disposed with the node.</param>
    /// <param name="options">Sizes and times.</param>
    /// <param name="logger">Hears of agents that come and go, and of batches with faults.</param>
    /// <param name="memory">Where flows and counters are; disposed with the node. Null: memory of its own, whose hash has the seed 0.</param>
    public DatapathNode(
        IEventLoop loop,
        ITransport transport,
        EndPoint agentEndPoint,
        IPacketIo packets,
        DatapathNodeOptions options,
        ILogger logger,
        SharedMemory? memory = null
    )
    {
        _loop = loop;
        _transport = transport;
        _agentEndPoint = agentEndPoint;
        _packets = packets;
        _options = options;
        _logger = logger;
        _memory = memory ?? SharedMemory.Allocate(new SharedSizes(options.FlowTableSize * 2), seed: 0);
        _pipeline = new Pipeline(_memory, options.Pipeline with { FlowsPerVif = options.FlowTableSize / 2 });
        _tables = _pipeline.Tables;
        _records = new RecordFrames(_pipeline.Records);
        _clock = new RecordClock(loop.Time);
        _ageing = new LoopTimer(loop, Age);
        Inspector = new DatapathInspector(_pipeline);
    }

    public DatapathTables Tables => _tables;

    public FlowTable Flows => _pipeline.Flows;

    public DropLog Drops => _pipeline.Drops;

    public FlowRecorder Records => _pipeline.Records;

    public DatapathInspector Inspector { get; }

    public PacketIoStatus PacketIo => _packets.Status;

    public bool IsAgentConnected => _agent is not null;

    /// <summary>Milliseconds of the loop's clock: the time base of flows and drops.</summary>
    public long NowMilliseconds => (long)(_loop.Time.GetTimestamp() * (1000.0 / _loop.Time.TimestampFrequency));

    /// <summary>Opens the agent's channel and begins to take packets.</summary>
    /// <exception cref="IOException">The end point cannot be bound.</exception>
    public void Start()
    {
        _listener = _transport.Listen(_agentEndPoint, _loop, Accept);
        _packets.Start(this);
        _ageing.Set(_options.AgeInterval);
    }

    public void FromVif(uint vif, ref PacketBuffer frame, in PacketOffload offload) =>
        _pipeline.FromVif(vif, ref frame, offload, NowMilliseconds, _packets);

    public void FromUplink(ref PacketBuffer packet, in PacketOffload offload) =>
        _pipeline.FromUplink(ref packet, offload, NowMilliseconds, _packets);

    public void Dropped(uint? vif, DropReason reason) => _pipeline.CountDrop(vif, reason, NowMilliseconds);

    public void Dispose()
    {
        _ageing.Dispose();
        _listener?.Dispose();
        _agent?.Close("fabric-dp ends");
        _packets.Dispose();
        _memory.Dispose();
    }

    private AgentConnection Accept(IConnection connection)
    {
        // The newest agent is right: an older connection is one whose end was not noticed, or an agent on its way out.
        _agent?.Close("another agent connected");
        _agent = new AgentConnection(_records, Apply, AgentClosed);
        LogAgentConnected();
        return _agent;
    }

    private void AgentClosed(AgentConnection agent, string reason)
    {
        LogAgentClosed(reason, _tables.Generation);
        if (ReferenceEquals(agent, _agent))
        {
            _agent = null;
        }
    }

    private string? Apply(Batch batch)
    {
        if (batch.Records is { } records)
        {
            Records.Epoch = _clock.Epoch();
            Records.Configure(records, NowMilliseconds);
        }

        var error = _tables.Apply(batch);
        if (error is not null)
        {
            LogBatchFaulty(batch.Generation, error);
        }

        // Part of the first snapshot is not yet what is wanted: it would give up ports that an earlier process guarded.
        _snapshotTaken |= batch.EndSnapshot;
        if (_snapshotTaken && TouchesPackets(batch))
        {
            _packets.Configure(WantedPackets());
        }

        return error;
    }

    private static bool TouchesPackets(Batch batch) =>
        batch.EndSnapshot
        || batch.Host is not null
        || batch.Vifs.Count + batch.VifsRemoved.Count + batch.NextHops.Count + batch.NextHopsRemoved.Count > 0;

    private PacketIoSettings WantedPackets() =>
        new(
            _tables.Host.TunnelSource,
            _tables.Vifs.OrderBy(static vif => vif.Id).Select(static vif => new VifAttachment(vif.Id, vif.Device)).ToEquatableArray(),
            _tables
                .NextHops.Where(static nextHop => nextHop.Kind == NextHopKind.Tunnel)
                .OrderBy(static nextHop => nextHop.Id)
                .Select(static nextHop => new TunnelAttachment(nextHop.Id, nextHop.TunnelDestination))
                .ToEquatableArray()
        );

    private void Age()
    {
        Records.Epoch = _clock.Epoch();
        _memory.Beat(NowMilliseconds);
        _pipeline.Age(NowMilliseconds);
        _agent?.SendRecords();
        if (_loop.Time.GetElapsedTime(_lastBeat) >= _heartbeatInterval)
        {
            _lastBeat = _loop.Time.GetTimestamp();
            _agent?.Beat(_memory.Host.Heartbeat);
        }

        _ageing.Set(_options.AgeInterval);
    }
}
