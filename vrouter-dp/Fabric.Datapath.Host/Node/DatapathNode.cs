using System.Net;
using Fabric.Datapath.Host.PacketIo;
using Fabric.Datapath.Inspection;
using Fabric.Datapath.Shared;
using Fabric.Model.Datapath;
using Fabric.Primitives;
using Fabric.Runtime;

namespace Fabric.Datapath.Host.Node;

/// <summary>
/// A data plane without its sockets: workers with pipelines and tables, the flows, the agent's channel, and ageing. Owned by the first worker's loop;
/// the program gives it worker loops and the kernel, the simulator its scheduler and its network.
/// </summary>
public sealed partial class DatapathNode : IDisposable
{
    private static readonly TimeSpan _heartbeatInterval = TimeSpan.FromSeconds(1);

    private readonly IEventLoop _loop;
    private readonly ITransport _transport;
    private readonly EndPoint _agentEndPoint;
    private readonly IPacketIo _packets;
    private readonly DatapathNodeOptions _options;
    private readonly ILogger _logger;
    private readonly SharedMemory _memory;
    private readonly DatapathWorker[] _workers;
    private readonly BatchRound _round;
    private readonly Pipeline _pipeline;
    private readonly DatapathTables _tables;
    private readonly RecordFrames _records;
    private readonly RecordClock _clock;
    private readonly LoopTimer _ageing;
    private IListener? _listener;
    private AgentConnection? _agent;
    private bool _snapshotTaken;
    private long _lastBeat;
    private ulong _shownHeartbeat;

    /// <param name="loops">
    /// The workers' loops. The first one owns this node: every member but the constructor, and those that say so, is called on it.
    /// </param>
    /// <param name="transport">Carries the agent's channel.</param>
    /// <param name="agentEndPoint">Where the agent connects: dp.sock.</param>
    /// <param name="packets">Where packets come from and go to; disposed with the node.</param>
    /// <param name="options">Sizes and times.</param>
    /// <param name="logger">Hears of agents that come and go, and of batches with faults.</param>
    /// <param name="memory">
    /// Where flows and counters are, with lanes for so many workers; disposed with the node. Null: memory of its own, whose hash has the seed 0.
    /// </param>
    public DatapathNode(
        IReadOnlyList<IEventLoop> loops,
        ITransport transport,
        EndPoint agentEndPoint,
        IPacketIo packets,
        DatapathNodeOptions options,
        ILogger logger,
        SharedMemory? memory = null
    )
    {
        _loop = loops[0];
        _transport = transport;
        _agentEndPoint = agentEndPoint;
        _packets = packets;
        _options = options;
        _logger = logger;
        _memory = memory ?? SharedMemory.Allocate(new SharedSizes(options.FlowTableSize * 2) { Workers = loops.Count }, seed: 0);
        _pipeline = new Pipeline(_memory, options.Pipeline with { FlowsPerVif = options.FlowTableSize / 2 });
        _tables = _pipeline.Tables;
        _workers =
        [
            .. loops.Select(
                (loop, number) =>
                    new DatapathWorker(number, loop, number == 0 ? _pipeline : _pipeline.ForWorker(number), packets, options.AgeInterval)
            ),
        ];
        _round = new BatchRound(_loop, _workers[1..]);
        _records = new RecordFrames(_pipeline.Records);
        _clock = new RecordClock(_loop.Time);
        _ageing = new LoopTimer(_loop, Age);
        Inspectors = [.. _workers.Select(static worker => new DatapathInspector(worker.Pipeline))];
    }

    /// <summary>How many there are.</summary>
    public int Workers => _workers.Length;

    public DatapathTables Tables => _tables;

    /// <summary>A worker's tables; read on its loop.</summary>
    public DatapathTables TablesOf(int worker) => _workers[worker].Pipeline.Tables;

    public FlowTable Flows => _pipeline.Flows;

    public DropLog Drops => _pipeline.Drops;

    public FlowRecorder Records => _pipeline.Records;

    /// <summary>By worker; each is called on its worker's loop. What is not a worker's own, the first one answers.</summary>
    public IReadOnlyList<DatapathInspector> Inspectors { get; }

    public PacketIoStatus PacketIo => _packets.Status;

    public bool IsAgentConnected => _agent is not null;

    /// <summary>Milliseconds of the loop's clock: the time base of flows and drops.</summary>
    public long NowMilliseconds => _workers[0].NowMilliseconds;

    /// <summary>Opens the agent's channel and begins to take packets.</summary>
    /// <exception cref="IOException">The end point cannot be bound.</exception>
    public void Start()
    {
        _listener = _transport.Listen(_agentEndPoint, _loop, Accept);
        _workers[0].Start();
        foreach (var worker in _workers[1..])
        {
            worker.Loop.Post(static worker => worker.Start(), worker);
        }

        _ageing.Set(_options.AgeInterval);
    }

    /// <summary>Ends another worker than the first; called on its loop, which gets nothing more to do afterwards, before the node is disposed.</summary>
    public void Stop(int worker) => _workers[worker].Dispose();

    /// <summary>Ends the first worker; the others have stopped.</summary>
    public void Dispose()
    {
        _ageing.Dispose();
        _workers[0].Dispose();
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

    private bool Apply(Batch batch, Action<string?> applied)
    {
        if (_round.IsFull)
        {
            return false;
        }

        if (batch.Records is { } records)
        {
            Records.Epoch = _clock.Epoch();
            Records.Configure(records, NowMilliseconds);
        }

        var error = _workers[0].Apply(batch);
        if (error is not null)
        {
            LogBatchFaulty(batch.Generation, error);
        }

        // Before ports change, so that each worker has the tables when it gets their packets.
        _round.Give(batch, () => applied(error));

        // Part of the first snapshot is not yet what is wanted: it would give up ports that an earlier process guarded.
        _snapshotTaken |= batch.EndSnapshot;
        if (_snapshotTaken && TouchesPackets(batch))
        {
            _packets.Configure(WantedPackets());
        }

        return true;
    }

    private static bool TouchesPackets(Batch batch) =>
        batch.EndSnapshot
        || batch.Host is not null
        || batch.Vifs.Count + batch.VifsRemoved.Count + batch.NextHops.Count + batch.NextHopsRemoved.Count > 0;

    private PacketIoSettings WantedPackets() =>
        new(
            _tables.Host.TunnelSource,
            _tables
                .Vifs.OrderBy(static vif => vif.Id)
                .Select(vif => new VifAttachment(vif.Id, vif.Device, _tables.BeganAt(vif.Id)))
                .ToEquatableArray(),
            _tables
                .NextHops.Where(static nextHop => nextHop.Kind == NextHopKind.Tunnel)
                .OrderBy(static nextHop => nextHop.Id)
                .Select(static nextHop => new TunnelAttachment(nextHop.Id, nextHop.TunnelDestination))
                .ToEquatableArray()
        );

    // One that stands still is a worker that does not run: the agent hears nothing then.
    private void ShowHeartbeat()
    {
        if (_memory.Host.Heartbeat != _shownHeartbeat)
        {
            _shownHeartbeat = _memory.Host.Heartbeat;
            _agent?.Beat(_shownHeartbeat);
        }
    }

    private void Age()
    {
        Records.Epoch = _clock.Epoch();
        _workers[0].Beat();
        _memory.Beat(_workers.Min(static worker => worker.LastBeat));
        _pipeline.Age(NowMilliseconds);
        _agent?.SendRecords();
        if (_loop.Time.GetElapsedTime(_lastBeat) >= _heartbeatInterval)
        {
            _lastBeat = _loop.Time.GetTimestamp();
            ShowHeartbeat();
        }

        _ageing.Set(_options.AgeInterval);
    }
}
