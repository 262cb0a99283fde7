namespace Fabric.Primitives;

/// <summary>Which next hop a peer is told, unless an export policy says otherwise.</summary>
public enum NextHopRule : byte
{
    /// <summary>
    /// RFC 4271 section 5.1.3: to an external peer this node's address, to an internal one as it is. VPN and EVPN routes keep theirs everywhere:
    /// it goes with the label, and this node forwards nothing (RFC 4364 section 10 c).
    /// </summary>
    Default,

    /// <summary>This node's address for unicast routes; those with a label keep theirs here too.</summary>
    Self,

    Unchanged,
}
