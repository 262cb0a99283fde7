using Fabric.Bgp;
using Fabric.Controller.Bgp;
using Fabric.Primitives;
using Fabric.Runtime;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Monitoring;

/// <summary>Sees what BGP neighbours say and are told, on the routing loop, in the order in which it happens. Two: BMP and the MRT log.</summary>
internal interface IBgpObserver
{
    void SessionUp(BgpNeighbor neighbor);

    void SessionDown(BgpNeighbor neighbor, SessionEnd end);

    /// <summary>A whole UPDATE as it came, malformed ones too; nothing is made of it yet. The bytes are valid only during the call.</summary>
    void UpdateReceived(BgpNeighbor neighbor, ReadOnlySpan<byte> message);

    /// <summary>What the UPDATE meant has been applied; comes after <see cref="UpdateReceived"/> of the same message.</summary>
    void UpdateApplied(BgpNeighbor neighbor, in UpdateView update);

    void EndOfRibReceived(BgpNeighbor neighbor, AddressFamily family);

    /// <summary>What the neighbour has not said again of a family is about to go (RFC 4724, RFC 7313), or all of a family that is disabled (RFC 7606), without an UPDATE that says so.</summary>
    void StaleExpires(BgpNeighbor neighbor, AddressFamily family);

    /// <summary>Other import rules hold for what the neighbour has said; the routing core has applied them.</summary>
    void Rejudged(BgpNeighbor neighbor);

    /// <summary>Whole UPDATEs that the neighbour is sent.</summary>
    void UpdatesSent(BgpNeighbor neighbor, OutputRun updates);
}
