using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing;

/// <summary>
/// What of tunnels passes a session, in and out (RFC 9012 section 11): the Tunnel Encapsulation attribute and Encapsulation extended
/// communities, which say a part of the same. Decision 18 says why EVPN has a scope of its own.
/// </summary>
internal enum TunnelScope : byte
{
    All,

    /// <summary>Communities of EVPN routes.</summary>
    Evpn,

    None,
}

internal static class TunnelScopes
{
    public static TunnelScope Of(PeerDefinition peer) =>
        peer.TunnelEncapsulation switch
        {
            TunnelEncapsulationRule.Remove => TunnelScope.None,
            TunnelEncapsulationRule.Default when peer.Kind == PeerKind.ExternalBgp => TunnelScope.Evpn,
            _ => TunnelScope.All,
        };

    /// <summary>The set without what does not pass; the same instance where all of it does.</summary>
    public static PathAttributes Limit(this TunnelScope scope, PathAttributes attributes, AddressFamily family)
    {
        var keepsCommunities = scope == TunnelScope.Evpn && family == AddressFamily.L2VpnEvpn;
        var isInScope = keepsCommunities ? attributes.TunnelEncapsulation.IsEmpty : !attributes.HasTunnels;
        return scope == TunnelScope.All || isInScope
            ? attributes
            : attributes with
            {
                TunnelEncapsulation = [],
                ExtendedCommunities = keepsCommunities
                    ? attributes.ExtendedCommunities
                    : [.. attributes.ExtendedCommunities.Where(c => !c.IsEncapsulation)],
            };
    }
}
