using System.Buffers;
using Fabric.Controller.Routes;
using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Xmpp;

namespace Fabric.Controller.Agents;

/// <summary>A VRF's updates as notifications: the items once for all agents, the first line of each message for each.</summary>
internal sealed class AgentUpdateWriter(AgentServer server, AsNumber localAs) : IUpdateWriter
{
    private readonly NotificationEncoder _encoder = new();
    private readonly ArrayBufferWriter<byte> _output = new(16_384);
    private ItemPath[] _paths = new ItemPath[16];

    public void Write(ReadOnlySpan<RouteUpdate> run, UpdateBatch batch)
    {
        var receivers = run[0].Receivers;
        var vrf = receivers.Group.VrfName!;
        _encoder.Begin(run[0].Family, vrf);
        var isEndOfRib = false;
        foreach (ref readonly var update in run)
        {
            switch (update.Kind)
            {
                case UpdateKind.Advertise:
                    _encoder.Add(RouteItemConverter.ToItem(update.Family, update.Key.Prefix, PathsOf(update, batch, vrf), localAs));
                    break;
                case UpdateKind.Withdraw:
                    _encoder.Retract(update.Key.Prefix);
                    break;
                default:
                    isEndOfRib = true;
                    break;
            }
        }

        foreach (var peer in receivers)
        {
            if (server.Find(peer) is not { } state)
            {
                continue;
            }

            if (!_encoder.IsEmpty)
            {
                _output.ResetWrittenCount();
                _encoder.WriteFor(state.Agent.Name, _output);
                state.Agent.Send(_output.WrittenSpan);
            }

            if (isEndOfRib)
            {
                state.EndOfRib(vrf);
            }
        }
    }

    private ReadOnlySpan<ItemPath> PathsOf(in RouteUpdate update, UpdateBatch batch, string vrf)
    {
        var paths = batch.PathsOf(update);
        if (_paths.Length < paths.Length)
        {
            _paths = new ItemPath[paths.Length * 2];
        }

        for (var i = 0; i < paths.Length; i++)
        {
            var attributes = batch.AttributesOf(paths[i]);
            _paths[i] = new ItemPath(attributes, paths[i].Label, server.NetworkNames.Of(attributes, vrf));
        }

        return _paths.AsSpan(0, paths.Length);
    }
}
