using Fabric.Routing;
using Fabric.Runtime;

namespace Fabric.Controller.Routes;

/// <summary>
/// Owned by the routing loop: the routing core and the pump that carries its updates to those who receive them. BGP peers and
/// agents are equal clients of the core.
/// </summary>
internal sealed class RoutingPlane(RoutingCore core, IEventLoop loop)
{
    // Enough to fill UPDATEs and notifications, few enough that sessions are served in between.
    private const int UpdatesPerTurn = 2048;

    private readonly UpdateBatch _batch = new();
    private bool _pumpPosted;

    public RoutingCore Core => core;

    public IEventLoop Loop => loop;

    public IUpdateWriter? SpeakerWriter { get; set; }

    public IUpdateWriter? AgentWriter { get; set; }

    /// <summary>
    /// To be called after every change of the core. The pump runs behind what is queued, so that under load changes gather and
    /// coalesce, and when idle a change leaves at once.
    /// </summary>
    public void Changed()
    {
        if (!_pumpPosted && core.HasUpdates)
        {
            _pumpPosted = true;
            loop.Post(static plane => plane.Pump(), this);
        }
    }

    private void Pump()
    {
        _pumpPosted = false;
        if (core.Read(_batch, UpdatesPerTurn) == 0)
        {
            return;
        }

        var updates = _batch.Updates;
        while (!updates.IsEmpty)
        {
            var length = RunLength(updates);
            var writer = updates[0].Receivers.Group.Kind == PeerKind.Agent ? AgentWriter : SpeakerWriter;
            writer!.Write(updates[..length], _batch);
            updates = updates[length..];
        }

        Changed();
    }

    private static int RunLength(ReadOnlySpan<RouteUpdate> updates)
    {
        ref readonly var first = ref updates[0];
        var length = 1;
        while (length < updates.Length && updates[length].Receivers == first.Receivers && updates[length].Family == first.Family)
        {
            length++;
        }

        return length;
    }
}
