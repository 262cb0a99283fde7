namespace Fabric.Routing;

/// <summary>Whether a peer's route target memberships (RFC 4684) are known, which VPN routes wait for.</summary>
public enum MembershipState : byte
{
    /// <summary>Not negotiated: the peer gets every VPN route.</summary>
    NotNegotiated,

    /// <summary>No VPN route is sent until the host says End-of-RIB or time-out.</summary>
    Waiting,
    Known,
}
