namespace Fabric.Routing;

public sealed record PeerView(
    PeerId Id,
    PeerDefinition Definition,
    bool IsUp,
    bool IsBlocked,
    MembershipState Memberships,
    int VpnRoutesAnnounced
);
