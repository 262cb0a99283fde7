using Fabric.Controller.Streaming;
using Fabric.Routing;
using Fabric.Runtime;

namespace Fabric.Controller.Routes;

/// <summary>
/// Owned by the routing loop: the routing core and the pump that carries its updates to those who receive them. BGP peers and
/// agents are equal clients of the core.
/// </summary>
internal sealed class RoutingPlane
{
    // Enough to fill UPDATEs and notifications, few enough that sessions are served in between.
    private const int UpdatesPerTurn = 2048;

    // A tenth of a millisecond of the loop's time.
    private const int SweptPerTurn = 1024;

    private readonly RoutingCore _core;
    private readonly IEventLoop _loop;
    private readonly Action _pump;
    private readonly Action _doRest;
    private readonly UpdateBatch _batch = new();
    private readonly Queue<Action> _afterUpdates = new();
    private bool _pumpPosted;
    private bool _restPosted;
    private bool _hasWritten;

    public RoutingPlane(RoutingCore core, IEventLoop loop)
    {
        (_core, _loop) = (core, loop);
        (_pump, _doRest) = (Pump, DoRest);
    }

    public RoutingCore Core => _core;

    public IEventLoop Loop => _loop;

    public IUpdateWriter? SpeakerWriter { get; set; }

    public IUpdateWriter? AgentWriter { get; set; }

    /// <summary>For who watches the tables; null while nobody does.</summary>
    public IUpdateWriter? MonitorWriter { get; set; }

    /// <summary>So many updates were given to who receives them.</summary>
    public long UpdatesWritten { get; private set; }

    /// <summary>Tells of the routes in rows; null while nobody does.</summary>
    public RouteFollower? Follower { get; set; }

    /// <summary>
    /// To be called after every change of the _core. The pump runs behind what is queued, so that under load changes gather and
    /// coalesce, and when idle a change leaves at once.
    /// </summary>
    public void Changed()
    {
        if (_core.HasUpdates)
        {
            PostPump();
        }
        else
        {
            PostRest();
        }
    }

    /// <summary>Runs the work when all that receivers are to be told by now has been written, and they can take it.</summary>
    public void AfterUpdates(Action work)
    {
        _afterUpdates.Enqueue(work);
        PostPump();
    }

    private void PostPump()
    {
        if (!_pumpPosted)
        {
            _pumpPosted = true;
            _loop.Post(_pump);
        }
    }

    private void Pump()
    {
        _pumpPosted = false;
        if (_core.Read(_batch, UpdatesPerTurn) > 0)
        {
            Write();
            _hasWritten = true;
        }
        else
        {
            while (_afterUpdates.TryDequeue(out var work))
            {
                work();
            }
        }

        if (_core.HasUpdates || _afterUpdates.Count > 0)
        {
            PostPump();
        }

        PostRest();
    }

    private void Write()
    {
        var updates = _batch.Updates;
        UpdatesWritten += updates.Length;
        while (!updates.IsEmpty)
        {
            var length = RunLength(updates);
            var writer = updates[0].Receivers.Group.Kind switch
            {
                PeerKind.Agent => AgentWriter,
                PeerKind.Monitor => MonitorWriter,
                _ => SpeakerWriter,
            };
            writer!.Write(updates[..length], _batch);
            updates = updates[length..];
        }
    }

    private void PostRest()
    {
        if (!_restPosted)
        {
            _restPosted = true;
            _loop.PostBehind(_doRest);
        }
    }

    // What was written is on its way: nobody waits for the rows' sake, and the tables are swept when there was nothing to write.
    private void DoRest()
    {
        _restPosted = false;
        Follower?.Changed();
        if (_core.HasUnused)
        {
            if (!_hasWritten)
            {
                _core.Sweep(SweptPerTurn);
            }

            PostRest();
        }

        _hasWritten = false;
    }

    private static int RunLength(ReadOnlySpan<RouteUpdate> updates)
    {
        ref readonly var first = ref updates[0];
        var length = 1;
        while (
            length < updates.Length
            && !first.IsRefreshMark
            && !updates[length].IsRefreshMark
            && updates[length].Receivers == first.Receivers
            && updates[length].Family == first.Family
        )
        {
            length++;
        }

        return length;
    }
}
