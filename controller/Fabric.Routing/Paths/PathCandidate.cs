using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing;

/// <summary>
/// What the decision process looks at (RFC 4271 section 9.1). Infeasible says why it can't be chosen at all. The RD is, in a VRF, that of the
/// VPN route it was imported from, else zero; the source VRF is the one of this node in which an agent published it.
/// From EVPN is, in a VRF, the prefix of a route of type 5. The path identifier
/// (RFC 7911) is zero for most. The holder is, of a MAC address, the PE with the lowest address of those that have it in the same place (RFC 7432
/// section 15); none for other routes.
/// </summary>
public readonly record struct PathCandidate(
    PathAttributes Attributes,
    PeerKind SourceKind,
    BgpIdentifier RouterId,
    IpAddress PeerAddress,
    RejectReason Infeasible = RejectReason.None,
    bool IsLongLivedStale = false,
    RouteDistinguisher RouteDistinguisher = default,
    string? SourceVrf = null,
    bool IsFromEvpn = false,
    uint PathId = 0,
    IpAddress Holder = default
);
