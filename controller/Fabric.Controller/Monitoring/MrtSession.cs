using Fabric.Controller.Bgp;
using Fabric.Primitives;
using Fabric.Wire.Bgp;
using Fabric.Wire.Mrt;

namespace Fabric.Controller.Monitoring;

/// <summary>What the records of a session have in common: its ends, and how its UPDATEs are written.</summary>
internal sealed record MrtSession(MrtPeer Peer, MrtPeer Local, UpdateContext Context)
{
    /// <summary>Of a session that is established.</summary>
    /// <param name="neighbor">The far end.</param>
    /// <param name="local">This node's end of all sessions.</param>
    public static MrtSession Of(BgpNeighbor neighbor, MrtPeer local)
    {
        var (negotiation, address) = (neighbor.Peer.Negotiation!, neighbor.Intent.Address);
        var isOtherFamily = address.Kind != local.Address.Kind;
        return new MrtSession(
            new MrtPeer(negotiation.PeerIdentifier, address, negotiation.PeerAs),
            isOtherFamily ? local with { Address = address.IsIpv4 ? IpAddress.FromIpv4(0) : IpAddress.FromIpv6(0) } : local,
            negotiation.UpdateContext
        );
    }
}
