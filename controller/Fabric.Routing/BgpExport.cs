using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing;

/// <summary>
/// The rules for BGP peers: who hears of a path, and its attributes on the way out (RFC 4271 sections 5.1 and 9.2, RFC 4456, RFC 9494).
/// The outcome is kept for one source and set at a time, since routes are read in the order of sets.
/// </summary>
internal sealed class BgpExport(RoutingOptions options, UpdateGroupPolicy policy, bool isMembership)
{
    private PathAttributes? _latest;
    private PathAttributes _latestExported = PathAttributes.Empty;
    private PeerDefinition? _latestSource;
    private bool _latestStale;

    /// <summary>Split horizon, reflection and the well-known communities.</summary>
    public bool MayAdvertise(PathAttributes attributes, PeerDefinition source)
    {
        var communities = attributes.Communities.AsSpan();
        if (communities.Contains(WellKnownCommunity.NoAdvertise))
        {
            return false;
        }

        return policy.Kind == PeerKind.ExternalBgp
            ? !communities.Contains(WellKnownCommunity.NoExport)
            : source.Kind != PeerKind.InternalBgp
                || options.ClusterId is not null && (source.IsRouteReflectorClient || policy.IsRouteReflectorClient);
    }

    public PathAttributes Export(PathAttributes attributes, PeerDefinition source, bool isLongLivedStale)
    {
        if (!ReferenceEquals(_latest, attributes) || !ReferenceEquals(_latestSource, source) || _latestStale != isLongLivedStale)
        {
            var exported = policy.Kind == PeerKind.ExternalBgp ? ToExternal(attributes) : ToInternal(attributes, source);
            exported = isLongLivedStale ? WithStaleness(exported) : exported;
            _latestExported = isMembership ? exported with { NextHop = options.LocalAddress } : exported;
            (_latest, _latestSource, _latestStale) = (attributes, source, isLongLivedStale);
        }

        return _latestExported;
    }

    private PathAttributes ToInternal(PathAttributes attributes, PeerDefinition source)
    {
        var exported = attributes.LocalPref is null ? attributes with { LocalPref = 100 } : attributes;
        if (source.Kind != PeerKind.InternalBgp)
        {
            return exported;
        }

        // RFC 4684 section 3.2: a client is to see this node as the originator of a membership, else it would drop its own interest
        // that another client shares.
        var originator = isMembership && policy.IsRouteReflectorClient ? options.RouterId : exported.OriginatorId ?? source.RouterId;
        return exported with { OriginatorId = originator, ClusterList = [options.ClusterId!.Value, .. exported.ClusterList] };
    }

    private PathAttributes ToExternal(PathAttributes attributes) =>
        attributes with
        {
            AsPath = attributes.AsPath.Prepend(options.LocalAs),
            LocalPref = null,
            // RFC 4271 section 5.1.4: a neighbour's MED is not passed on to another AS; an agent's is our own.
            MultiExitDisc = attributes.AsPath.Length == 0 ? attributes.MultiExitDisc : null,
            OriginatorId = null,
            ClusterList = [],
            ExtendedCommunities = attributes.ExtendedCommunities.Where(c => c.IsTransitive).ToEquatableArray(),
        };

    /// <summary>RFC 9494 section 4.3 and 4.6: peers without the capability may only hold it as a last resort inside the AS.</summary>
    private PathAttributes WithStaleness(PathAttributes attributes)
    {
        IEnumerable<uint> added = policy.KnowsLongLivedStale
            ? [WellKnownCommunity.LongLivedStale]
            : [WellKnownCommunity.LongLivedStale, WellKnownCommunity.NoExport];
        return attributes with
        {
            Communities = [.. attributes.Communities.Concat(added).Distinct().Order()],
            LocalPref = policy.KnowsLongLivedStale || policy.Kind == PeerKind.ExternalBgp ? attributes.LocalPref : 0,
        };
    }
}
