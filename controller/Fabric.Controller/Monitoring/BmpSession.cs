using System.Buffers;
using Fabric.Bgp;
using Fabric.Controller.Bgp;
using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Runtime;
using Fabric.Wire.Bgp;
using Fabric.Wire.Bmp;

namespace Fabric.Controller.Monitoring;

/// <summary>
/// What is said on one connection to a station: who is up, the tables part by part, and changes as they happen. Nothing of an earlier
/// connection is remembered.
/// </summary>
/// <param name="tables">What the station is told.</param>
/// <param name="source">The routing core, and its encoder.</param>
/// <param name="send">Takes whole messages.</param>
internal sealed class BmpSession(BmpTables tables, BmpSource source, Action<ReadOnlySpan<byte>> send)
{
    private const int RoutesPerPart = 4096;

    private readonly Dictionary<BgpNeighbor, BmpPeer> _peers = [];
    private readonly Queue<Dump> _dumps = [];
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly UpdateBatch _batch = new();

    /// <summary>A table that is still to be told.</summary>
    private sealed class Dump(BgpNeighbor neighbor, BmpTables table, bool isAgain = false)
    {
        public RibCursor Cursor;

        public BgpNeighbor Neighbor { get; } = neighbor;

        public BmpTables Table { get; } = table;

        /// <summary>The neighbour's session whose routes these are; what waits beyond its end is told no more.</summary>
        public long Session { get; } = neighbor.Peer.EstablishedTransitions;

        /// <summary>The station has the table as it was: routes that are not in it any more are withdrawn, and no End-of-RIB follows.</summary>
        public bool IsAgain { get; } = isAgain;
    }

    /// <summary>Whether <see cref="Continue"/> has something to do.</summary>
    public bool HasMore => _dumps.Count > 0;

    public void Begin(string nodeName)
    {
        BmpWriter.Initiation("Fabric control node", nodeName, _output);
        if ((tables & BmpTables.LocRib) != BmpTables.None)
        {
            var open = source.OwnOpen();
            BmpWriter.PeerUp(source.LocRib, default, 0, 0, open, open, "global", _output);
        }

        Flush();
        foreach (var neighbor in source.Neighbors.Where(one => one.IsEstablished))
        {
            SessionUp(neighbor);
            foreach (var table in (BmpTables[])[BmpTables.PrePolicy, BmpTables.PostPolicy, BmpTables.AdjRibOut])
            {
                if ((tables & table) != BmpTables.None)
                {
                    _dumps.Enqueue(new Dump(neighbor, table));
                }
            }
        }
    }

    /// <summary>Sends the next part of a table.</summary>
    public void Continue()
    {
        if (!_dumps.TryPeek(out var dump))
        {
            return;
        }

        if (
            dump.Neighbor is not { Id: { } id }
            || dump.Session != dump.Neighbor.Peer.EstablishedTransitions
            || !_peers.TryGetValue(dump.Neighbor, out var peer)
        )
        {
            _dumps.Dequeue();
            return;
        }

        Read(dump, id);
        peer = peer with { Flags = FlagsOf(dump.Table), Time = source.Now };
        Append(peer, source.Encode(_batch, dump.Neighbor, dump.Table == BmpTables.AdjRibOut));
        if (dump.Cursor.IsAtEnd)
        {
            _dumps.Dequeue();
            AppendEndOfRibs(dump, peer);
        }

        Flush();
    }

    /// <summary>Other rules hold for what the neighbour has said: its routes behind them are told again, and of each what it has become.</summary>
    public void Rejudged(BgpNeighbor neighbor)
    {
        if ((tables & BmpTables.PostPolicy) != BmpTables.None && _peers.ContainsKey(neighbor))
        {
            _dumps.Enqueue(new Dump(neighbor, BmpTables.PostPolicy, isAgain: true));
        }
    }

    public void SessionUp(BgpNeighbor neighbor)
    {
        var (negotiation, connection) = (neighbor.Peer.Negotiation!, neighbor.EstablishedConnection);
        var peer = new BmpPeer(
            BmpPeerType.Global,
            BmpPeerFlags.None,
            neighbor.Intent.Address,
            negotiation.PeerAs,
            negotiation.PeerIdentifier,
            neighbor.Peer.EstablishedSince ?? source.Now
        );
        _peers[neighbor] = peer;
        BmpWriter.PeerUp(
            peer,
            connection.Local is { } local ? IpAddress.From(local.Address) : default,
            (ushort)(connection.Local?.Port ?? 0),
            (ushort)(connection.Remote?.Port ?? 0),
            neighbor.Peer.SentOpen.Span,
            neighbor.Peer.ReceivedOpen.Span,
            null,
            _output
        );
        Flush();
    }

    public void SessionDown(BgpNeighbor neighbor, SessionEnd end)
    {
        if (!_peers.Remove(neighbor, out var peer))
        {
            return;
        }

        var (reason, data) = Why(end);
        BmpWriter.PeerDown(peer with { Time = source.Now }, reason, data, _output);
        Flush();
    }

    public void UpdateReceived(BgpNeighbor neighbor, ReadOnlySpan<byte> message)
    {
        if ((tables & BmpTables.PrePolicy) != BmpTables.None && _peers.TryGetValue(neighbor, out var peer))
        {
            var flags = neighbor.Peer.Negotiation is { FourOctetAs: false } ? BmpPeerFlags.TwoOctetAsPath : BmpPeerFlags.None;
            // What was withdrawn as its family was disabled does not come back at the station alone.
            var disabled = neighbor.Peer.DisabledFamilies;
            var told = disabled.IsEmpty ? message : UpdateFilter.Without(message, disabled.AsSpan());
            if (!told.IsEmpty)
            {
                BmpWriter.RouteMonitoring(peer with { Flags = flags, Time = source.Now }, told, _output);
                Flush();
            }
        }
    }

    public void UpdateApplied(BgpNeighbor neighbor, in UpdateView update)
    {
        if ((tables & BmpTables.PostPolicy) == BmpTables.None || neighbor.Id is not { } id || !_peers.TryGetValue(neighbor, out var peer))
        {
            return;
        }

        peer = peer with { Flags = BmpPeerFlags.PostPolicy, Time = source.Now };
        source.ReadApplied(id, update, _batch);
        Append(peer, source.Encode(_batch, neighbor, isOut: false));
        Flush();
    }

    /// <summary>Ahead of the policies the UPDATE itself says so.</summary>
    public void EndOfRibReceived(BgpNeighbor neighbor, AddressFamily family)
    {
        if ((tables & BmpTables.PostPolicy) != BmpTables.None && _peers.TryGetValue(neighbor, out var peer))
        {
            Append(peer with { Flags = BmpPeerFlags.PostPolicy, Time = source.Now }, source.EndOfRib(family));
            Flush();
        }
    }

    /// <summary>What goes because the neighbour has not said it again is withdrawn, as if it had said so.</summary>
    public void StaleExpires(BgpNeighbor neighbor, AddressFamily family)
    {
        if (neighbor.Id is not { } id || !_peers.TryGetValue(neighbor, out var peer))
        {
            return;
        }

        source.Core.ReadStale(id, family, _batch);
        foreach (var table in (BmpTables[])[BmpTables.PrePolicy, BmpTables.PostPolicy])
        {
            if ((tables & table) != BmpTables.None)
            {
                Append(peer with { Flags = FlagsOf(table), Time = source.Now }, source.Encode(_batch, neighbor, isOut: false));
            }
        }

        Flush();
    }

    public void UpdatesSent(BgpNeighbor neighbor, OutputRun updates)
    {
        if ((tables & BmpTables.AdjRibOut) != BmpTables.None && _peers.TryGetValue(neighbor, out var peer))
        {
            Append(peer with { Flags = FlagsOf(BmpTables.AdjRibOut), Time = source.Now }, updates);
            Flush();
        }
    }

    /// <summary>Changes of the Loc-RIB, as whole UPDATEs.</summary>
    public void LocRibChanged(OutputRun updates)
    {
        Append(source.LocRib, updates);
        Flush();
    }

    public void Statistics()
    {
        foreach (var (neighbor, peer) in _peers)
        {
            BmpWriter.Statistics(peer with { Time = source.Now }, BmpCounts.Of(neighbor, source.Core), _output);
        }

        if ((tables & BmpTables.LocRib) != BmpTables.None)
        {
            BmpWriter.Statistics(source.LocRib, BmpCounts.OfLocRib(source.Core), _output);
        }

        Flush();
    }

    private void Read(Dump dump, PeerId id)
    {
        if (dump.Table == BmpTables.AdjRibOut)
        {
            source.Core.ReadAdvertised(id, ref dump.Cursor, _batch, RoutesPerPart);
        }
        else if (dump.IsAgain)
        {
            source.Core.ReadJudged(id, ref dump.Cursor, _batch, RoutesPerPart);
        }
        else
        {
            source.Core.ReadReceived(id, dump.Table == BmpTables.PostPolicy, ref dump.Cursor, _batch, RoutesPerPart);
        }
    }

    private void AppendEndOfRibs(Dump dump, in BmpPeer peer)
    {
        if (!dump.IsAgain)
        {
            foreach (var family in dump.Neighbor.Peer.Negotiation?.Families ?? [])
            {
                Append(peer, source.EndOfRib(family));
            }
        }
    }

    // RFC 7854 section 4.9.
    private static (BmpPeerDownReason Reason, byte[] Data) Why(SessionEnd end)
    {
        if (end.SilentEvent is { } number)
        {
            return (BmpPeerDownReason.LocalEvent, [(byte)(number >> 8), (byte)number]);
        }

        if (end.Notification is not { } notification)
        {
            return (BmpPeerDownReason.RemoteClose, []);
        }

        var message = new byte[notification.TotalBytes];
        notification.Encode(message);
        return (end.NotificationSent ? BmpPeerDownReason.LocalNotification : BmpPeerDownReason.RemoteNotification, message);
    }

    private static BmpPeerFlags FlagsOf(BmpTables table) =>
        table switch
        {
            BmpTables.PostPolicy => BmpPeerFlags.PostPolicy,
            BmpTables.AdjRibOut => BmpPeerFlags.AdjRibOut | BmpPeerFlags.PostPolicy,
            _ => BmpPeerFlags.None,
        };

    private void Append(in BmpPeer peer, OutputRun updates)
    {
        foreach (var segment in updates.Segments)
        {
            Append(peer, segment.Bytes);
        }
    }

    private void Append(in BmpPeer peer, ReadOnlySpan<byte> updates)
    {
        while (!updates.IsEmpty)
        {
            var length = MessageFrame.Read(updates, extendedMessages: true).TotalBytes;
            BmpWriter.RouteMonitoring(peer, updates[..length], _output);
            updates = updates[length..];
        }
    }

    private void Flush()
    {
        send(_output.WrittenSpan);
        _output.ResetWrittenCount();
    }
}
