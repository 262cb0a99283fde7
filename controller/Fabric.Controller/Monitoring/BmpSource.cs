using System.Buffers;
using Fabric.Controller.Bgp;
using Fabric.Controller.Options;
using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Runtime;
using Fabric.Wire.Bgp;
using Fabric.Wire.Bmp;

namespace Fabric.Controller.Monitoring;

/// <summary>What stations are told of: the neighbours, the tables, and the tables' routes as UPDATEs. On the routing loop.</summary>
internal sealed class BmpSource(ControlNodeOptions options, BgpSpeaker speaker)
{
    private readonly BgpUpdateWriter _encoder = new(speaker);
    private readonly ArrayBufferWriter<byte> _endOfRib = new();

    public RoutingCore Core => speaker.Plane.Core;

    public IEnumerable<BgpNeighbor> Neighbors => speaker.Neighbors;

    public DateTimeOffset Now => speaker.Plane.Loop.Time.GetUtcNow();

    /// <summary>RFC 9069 section 4.1: no address, and the identity of this node.</summary>
    public BmpPeer LocRib => new(BmpPeerType.LocRib, BmpPeerFlags.None, default, options.As, options.RouterId, Now);

    /// <summary>
    /// The updates of a batch as messages of a size, and with path identifiers in the families, that the two OPENs of the neighbour's session agree
    /// on; valid until the next call.
    /// </summary>
    /// <param name="batch">Routes of one of its tables.</param>
    /// <param name="neighbor">Whose.</param>
    /// <param name="isOut">What it is told, not what it says.</param>
    public OutputRun Encode(UpdateBatch batch, BgpNeighbor neighbor, bool isOut) =>
        neighbor.Peer.Negotiation is not { } negotiation
            ? _encoder.Encode(batch.Updates, batch, extended: false)
            : _encoder.Encode(
                batch.Updates,
                batch,
                negotiation.ExtendedMessages,
                isOut ? negotiation.SentAddPath : negotiation.UpdateContext.AddPathFamilies
            );

    /// <summary>The same of the Loc-RIB, as its OPEN allows.</summary>
    public OutputRun EncodeLocRib(ReadOnlySpan<RouteUpdate> run, UpdateBatch batch) => _encoder.Encode(run, batch, extended: true);

    /// <summary>Valid until the next call.</summary>
    public ReadOnlySpan<byte> EndOfRib(AddressFamily family)
    {
        _endOfRib.ResetWrittenCount();
        UpdatePacker.EndOfRib(family, _endOfRib);
        return _endOfRib.WrittenSpan;
    }

    /// <summary>RFC 9069 section 4.4: an OPEN that says how the UPDATEs of the Loc-RIB are written.</summary>
    public byte[] OwnOpen()
    {
        var open = OpenMessage.Create(
            options.As,
            0,
            options.RouterId,
            [.. RoutingCore.Families.Select(family => new MultiprotocolCapability(family)), new ExtendedMessageCapability()]
        );
        var bytes = new byte[MessageFrame.MaxBytes];
        return bytes[..open.Encode(bytes)];
    }

    /// <summary>Fills the batch with what the routes of an UPDATE have become behind the import rules.</summary>
    public void ReadApplied(PeerId peer, in UpdateView update, UpdateBatch batch)
    {
        batch.Clear();
        foreach (var block in update)
        {
            AppliedRoutes.Read(Core, peer, block, batch);
        }
    }
}
