using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing;

/// <summary>
/// The rules for BGP peers: who hears of a path, and its attributes on the way out (RFC 4271 sections 5.1 and 9.2, RFC 4456, RFC 9494).
/// The outcome is kept for one source and set at a time, since routes are read in the order of sets.
/// </summary>
internal sealed class BgpExport(RoutingOptions options, UpdateGroupPolicy policy, bool isMembership)
{
    private (int Set, PeerDefinition? Source, bool IsStale, long Batch) _latest;
    private ExportedAttributes _latestExported;

    /// <summary>Split horizon and reflection.</summary>
    public bool MayAdvertise(PeerDefinition source) =>
        policy.Kind == PeerKind.ExternalBgp
        || source.Kind != PeerKind.InternalBgp
        || options.ClusterId is not null && (source.IsRouteReflectorClient || policy.IsRouteReflectorClient);

    /// <summary>The well-known communities (RFC 1997).</summary>
    public bool Allow(EquatableArray<uint> communities) =>
        !communities.AsSpan().Contains(WellKnownCommunity.NoAdvertise)
        && !(policy.Kind == PeerKind.ExternalBgp && communities.AsSpan().Contains(WellKnownCommunity.NoExport));

    /// <summary>Puts the set as receivers get it into the batch.</summary>
    public ExportedAttributes Export(AttributeTable sets, in Path path, PeerDefinition source, UpdateBatch batch)
    {
        var wanted = (path.Attributes, source, path.Is(PathFlags.LongLivedStale), batch.Version);
        if (_latest != wanted)
        {
            _latest = wanted;
            _latestExported = Append(sets, path, source, batch);
        }

        return _latestExported;
    }

    private ExportedAttributes Append(AttributeTable sets, in Path path, PeerDefinition source, UpdateBatch batch)
    {
        var isStale = path.Is(PathFlags.LongLivedStale);
        if (source.Kind == PeerKind.InternalBgp && policy.Kind == PeerKind.InternalBgp && !isMembership && !isStale)
        {
            // What a route reflector does all day: bytes to bytes.
            var set = sets.BytesOf(path.Attributes);
            var room = batch.StoredRoom(set.Length + StoredAttributes.ReflectionBytes);
            var length = StoredAttributes.Reflect(set, source.RouterId, options.ClusterId!.Value, room);
            if (length > 0)
            {
                return batch.AddStored(length);
            }
        }

        var attributes = sets[path.Attributes];
        var exported = policy.Kind == PeerKind.ExternalBgp ? ToExternal(attributes) : ToInternal(attributes, source);
        exported = isStale ? WithStaleness(exported) : exported;
        var stored = StoredAttributes.Write(isMembership ? exported with { NextHop = options.LocalAddress } : exported);
        stored.CopyTo(batch.StoredRoom(stored.Length));
        return batch.AddStored(stored.Length);
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
