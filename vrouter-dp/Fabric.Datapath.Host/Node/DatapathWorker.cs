using Fabric.Datapath.Host.PacketIo;
using Fabric.Model.Datapath;
using Fabric.Runtime;

namespace Fabric.Datapath.Host.Node;

/// <summary>
/// A worker: a pipeline with its tables, on a loop of its own. Packets of a connection come to one. The first, the node's own, is given each batch
/// before the others.
/// </summary>
internal sealed class DatapathWorker : IPacketInput, IDisposable
{
    private readonly int _number;
    private readonly IPacketIo _packets;
    private readonly TimeSpan _beatInterval;
    private readonly LoopTimer _beats;
    private IPacketOutput? _output;
    private long _lastBeat;

    /// <param name="number">Its number; 0 is the first.</param>
    /// <param name="loop">The owner; every member but this and those that say so is called on it.</param>
    /// <param name="pipeline">Its pipeline.</param>
    /// <param name="packets">Where its packets come from and go to.</param>
    /// <param name="beatInterval">How often it shows that it runs.</param>
    public DatapathWorker(int number, IEventLoop loop, Pipeline pipeline, IPacketIo packets, TimeSpan beatInterval)
    {
        _number = number;
        Loop = loop;
        Pipeline = pipeline;
        _packets = packets;
        _beatInterval = beatInterval;
        _beats = new LoopTimer(loop, BeatAgain);
        _lastBeat = NowMilliseconds;
    }

    /// <summary>The owner; from any thread.</summary>
    public IEventLoop Loop { get; }

    public Pipeline Pipeline { get; }

    /// <summary>Milliseconds of the loop's clock: the time base of flows and drops.</summary>
    public long NowMilliseconds => (long)(Loop.Time.GetTimestamp() * (1000.0 / Loop.Time.TimestampFrequency));

    /// <summary>When it ran last, in milliseconds; from any thread.</summary>
    public long LastBeat => Volatile.Read(ref _lastBeat);

    public void Start()
    {
        if (_number == 0)
        {
            // The node shows that this one runs, whenever it ages flows.
            Beat();
            TakePackets();
        }
        else
        {
            BeatAgain();
        }
    }

    /// <summary>Shows that it runs.</summary>
    public void Beat() => Volatile.Write(ref _lastBeat, NowMilliseconds);

    /// <summary>Ends it. The first one's packets end with all that it owns of them.</summary>
    public void Dispose()
    {
        _beats.Dispose();
        if (_number > 0)
        {
            _packets.Stop(_number);
        }
    }

    /// <summary>Takes a batch; null when every entry was taken, else what is wrong.</summary>
    public string? Apply(Batch batch)
    {
        var error = Pipeline.Tables.Apply(batch);
        if (batch.EndSnapshot && _output is null)
        {
            TakePackets();
        }

        return error;
    }

    public void FromVif(uint vif, ref PacketBuffer frame, in PacketOffload offload) =>
        Pipeline.FromVif(vif, ref frame, offload, NowMilliseconds, _output!);

    public void FromUplink(ref PacketBuffer packet, in PacketOffload offload) =>
        Pipeline.FromUplink(ref packet, offload, NowMilliseconds, _output!);

    public void Dropped(uint? vif, DropReason reason) => Pipeline.CountDrop(vif, reason, NowMilliseconds);

    // As soon as the first worker has the whole tables after a restart, programs send up packets of flows that were established before, to be evaluated
    // again. Those of the others wait until they have them too.
    private void TakePackets() => _output = _packets.Start(_number, this);

    private void BeatAgain()
    {
        Beat();
        _beats.Set(_beatInterval);
    }
}
