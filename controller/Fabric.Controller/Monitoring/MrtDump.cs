using System.Buffers;
using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Wire.Mrt;

namespace Fabric.Controller.Monitoring;

/// <summary>
/// A dump of the tables (RFC 6396, TABLE_DUMP_V2) as it is made, part by part, each on the routing loop. Every route is as it is when its part is made;
/// a neighbour that comes up after the beginning is not in it. The RIB keeps no times: "originated" is the time of the dump.
/// </summary>
internal sealed class MrtDump(ControlNode node)
{
    private const int RoutesPerPart = 4096;

    private readonly UpdateBatch _batch = new();
    private readonly MrtRoute _route = new();
    private readonly MrtNlri _nlri = new();
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly Dictionary<PeerId, (ushort Place, PeerDefinition Definition)> _peers = [];
    private readonly DateTimeOffset _time = node.Routes.Loop.Time.GetUtcNow();
    private RibCursor _cursor;
    private uint _sequence;

    private RoutingCore Core => node.Routes.Core;

    /// <summary>The next part of the file; null behind the last one.</summary>
    public byte[]? Next()
    {
        if (_cursor.IsAtEnd)
        {
            return null;
        }

        _output.ResetWrittenCount();
        if (_peers.Count == 0)
        {
            WritePeers();
        }

        Core.ReadPaths(ref _cursor, _batch, RoutesPerPart);
        foreach (ref readonly var update in _batch.Updates)
        {
            Write(update);
        }

        return _output.WrittenSpan.ToArray();
    }

    private void WritePeers()
    {
        var peers = new List<MrtPeer>();
        foreach (var (id, definition) in Core.Sources)
        {
            _peers.Add(id, ((ushort)peers.Count, definition));
            peers.Add(new MrtPeer(definition.RouterId, AddressOf(definition), AsOf(id, definition)));
        }

        MrtWriter.PeerIndexTable(_time, node.Options.RouterId, "", [.. peers], _output);
    }

    /// <summary>A record: the paths of an update have one label and one identifier, which are part of the NLRI.</summary>
    private void Write(in RouteUpdate update)
    {
        foreach (ref readonly var path in _batch.PathsOf(update))
        {
            if (_peers.TryGetValue(path.Source, out var peer) && Core.DefinitionOf(path.Source).Name == peer.Definition.Name)
            {
                _route.TryAdd(peer.Place, _time, update.Family, update.PathId, _batch.StoredAttributesOf(path));
            }
        }

        if (_route.Count > 0)
        {
            _route.Write(_time, _sequence++, update.Family, update.PathId != 0, _nlri.Of(update, _batch), _output);
        }
    }

    private static IpAddress AddressOf(PeerDefinition definition) =>
        definition.Kind == PeerKind.Local ? IpAddress.FromIpv4(0) : definition.Address;

    private AsNumber AsOf(PeerId id, PeerDefinition definition) =>
        definition.PeerAs ?? node.Speaker.Find(id)?.Peer.Negotiation?.PeerAs ?? node.Options.As;
}
