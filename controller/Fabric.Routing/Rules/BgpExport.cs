using Fabric.Primitives;
using Fabric.Routing.Policies;
using Fabric.Wire.Bgp;

namespace Fabric.Routing;

/// <summary>
/// The rules for BGP peers: who hears of a path, and its attributes on the way out (RFC 4271 sections 5.1 and 9.2, RFC 4456, RFC 9012, RFC 9234, RFC 9494).
/// <code>
/// MayAdvertise   split horizon, reflection, well-known communities, staleness, the peer's AS in the path, a policy at all (RFC 8212)
/// Export         roles; private and overridden AS numbers; export policies; AS_PATH, LOCAL_PREF, MED, reflection; scope of tunnels; kinds of
///                communities; graceful shutdown; staleness; next hop
/// </code>
/// The outcome is kept for one source and set at a time, since routes are read in the order of sets. Owned by one loop.
/// </summary>
public sealed class BgpExport
{
    private readonly RoutingOptions _options;
    private readonly UpdateGroupPolicy _policy;
    private readonly bool _isMembership;
    private readonly bool _isExternal;
    private readonly AsPathExport _paths;
    private readonly OwnNextHop _ownNextHop;
    private readonly CompiledPolicy? _compiled;
    private ExportKey _latest;
    private PathAttributes? _latestPrepared;
    private PolicyOutcome _latestPolicy;
    private ExportOutcome _latestOutcome;
    private (int Set, PeerDefinition? Source, UpdateBatch? Batch, long Version) _latestReflected;
    private ExportedAttributes _latestReflectedBytes;
    private (PathAttributes? Attributes, UpdateBatch? Batch, long Version) _latestAppended;
    private ExportedAttributes _latestAppendedBytes;

    /// <summary>What the outcome is a function of, but for the policies.</summary>
    private readonly record struct ExportKey(
        PathAttributes? Attributes,
        PeerDefinition? Source,
        bool IsLongLivedStale,
        AddressFamily Family
    )
    {
        public bool Is(PathAttributes attributes, PeerDefinition source, bool isLongLivedStale, AddressFamily family) =>
            ReferenceEquals(Attributes, attributes)
            && ReferenceEquals(Source, source)
            && IsLongLivedStale == isLongLivedStale
            && Family == family;
    }

    internal BgpExport(RoutingOptions options, UpdateGroupPolicy policy, bool isMembership)
    {
        _options = options;
        _policy = policy;
        _isMembership = isMembership;
        _isExternal = policy.Kind == PeerKind.ExternalBgp;
        IsPlainReflection = policy.IsPlainReflection && !isMembership;
        _paths = new AsPathExport(options, policy);
        _ownNextHop = new OwnNextHop(policy.LocalAddress ?? options.LocalAddress, options.Ipv6NextHop);
        if (!isMembership && !policy.ExportPolicies.IsEmpty)
        {
            _compiled = new CompiledPolicy(policy.ExportPolicies, _paths.SessionAs, _ownNextHop);
        }
    }

    /// <summary>The rules for a peer by itself.</summary>
    public BgpExport(RoutingOptions options, PeerDefinition peer, bool isMembership)
        : this(options, UpdateGroupPolicy.Of(peer), isMembership) { }

    /// <summary>
    /// A route from an internal peer goes out with ORIGINATOR_ID and CLUSTER_LIST (RFC 4456), a LOCAL_PREF if it had none, the marks of
    /// staleness, and nothing else changed; and <see cref="Export"/> never refuses one that <see cref="MayAdvertise"/>.
    /// </summary>
    public bool IsPlainReflection { get; }

    /// <summary>Whether <see cref="Export"/> can refuse what <see cref="MayAdvertise"/> allows.</summary>
    public bool CanRefuse => _compiled is not null || _policy.LocalRole is not null;

    /// <summary>What holds for all families and needs no policy.</summary>
    public bool MayAdvertise(PathAttributes attributes, PeerDefinition source, bool isLongLivedStale)
    {
        var communities = attributes.Communities.AsSpan();
        if (communities.Contains(WellKnownCommunity.NoAdvertise))
        {
            return false;
        }

        if (!_isExternal)
        {
            return MayAdvertiseInside(source);
        }

        // RFC 1997: without a confederation NO_EXPORT_SUBCONFED ends at the same border as NO_EXPORT.
        return !communities.Contains(WellKnownCommunity.NoExport)
            && !communities.Contains(WellKnownCommunity.NoExportSubconfed)
            && (!_policy.LacksPolicy || _isMembership)
            && (_policy.KnowsLongLivedStale || !IsStale(attributes, isLongLivedStale))
            && !(_policy is { ChecksLoopsOnSending: true, PeerAs: { } peerAs } && _paths.Prepare(attributes.AsPath).Contains(peerAs));
    }

    /// <summary>
    /// Whether the path goes out as its bytes with the two attributes of a route reflector: what a route reflector does all day. Well-known
    /// communities may ask for more.
    /// </summary>
    internal bool IsReflectedAsBytes(AttributeTable sets, in Path path, PeerDefinition source) =>
        IsPlainReflection
        && source.Kind == PeerKind.InternalBgp
        && !path.Is(PathFlags.LongLivedStale)
        && !sets.HasWellKnownCommunity(path.Attributes);

    /// <summary>Split horizon inside the AS, and reflection (RFC 4456 section 6).</summary>
    internal bool MayAdvertiseInside(PeerDefinition source) =>
        source.Kind != PeerKind.InternalBgp
        || _options.ClusterId is not null && (source.IsRouteReflectorClient || _policy.IsRouteReflectorClient);

    /// <summary>Puts the set of a path that <see cref="MayAdvertise"/> into the batch, as receivers get it.</summary>
    internal ExportedAttributes Append(AttributeTable sets, in Path path, PeerDefinition source, in PolicyRoute route, UpdateBatch batch) =>
        Append(Export(sets[path.Attributes], source, path.Is(PathFlags.LongLivedStale), route).Attributes, batch);

    /// <summary>The same for a path that <see cref="IsReflectedAsBytes"/>.</summary>
    internal ExportedAttributes AppendReflected(AttributeTable sets, in Path path, PeerDefinition source, UpdateBatch batch)
    {
        var key = (path.Attributes, source, batch, batch.Version);
        if (_latestReflected != key)
        {
            var set = sets.BytesOf(path.Attributes);
            var room = batch.StoredRoom(set.Length + StoredAttributes.ReflectionBytes);
            var length = StoredAttributes.Reflect(set, source.RouterId, _options.ClusterId!.Value, room);
            _latestReflected = key;
            _latestReflectedBytes = batch.AddStored(length);
        }

        return _latestReflectedBytes;
    }

    private ExportedAttributes Append(PathAttributes attributes, UpdateBatch batch)
    {
        var isAppended = _latestAppended.Batch == batch && _latestAppended.Version == batch.Version;
        if (!isAppended || !ReferenceEquals(_latestAppended.Attributes, attributes))
        {
            var stored = StoredAttributes.Write(attributes);
            stored.CopyTo(batch.StoredRoom(stored.Length));
            _latestAppended = (attributes, batch, batch.Version);
            _latestAppendedBytes = batch.AddStored(stored.Length);
        }

        return _latestAppendedBytes;
    }

    /// <summary>For a path that <see cref="MayAdvertise"/>.</summary>
    public ExportOutcome Export(PathAttributes attributes, PeerDefinition source, bool isLongLivedStale, in PolicyRoute route)
    {
        var isSame = _latest.Is(attributes, source, isLongLivedStale, route.Family);
        if (!isSame)
        {
            _latest = new ExportKey(attributes, source, isLongLivedStale, route.Family);
            _latestPrepared = IsLeak(attributes, route.Family) ? null : Prepare(attributes);
        }

        if (_latestPrepared is null)
        {
            return new ExportOutcome(RejectReason.RouteLeak, attributes);
        }

        if (_compiled is null)
        {
            return isSame ? _latestOutcome : _latestOutcome = Finish(new PolicyOutcome(true, _latestPrepared));
        }

        var policy = _compiled.Evaluate(_latestPrepared, source, route);
        if (!isSame || policy != _latestPolicy)
        {
            _latestPolicy = policy;
            _latestOutcome = policy.IsAccepted
                ? Finish(policy)
                : new ExportOutcome(RejectReason.Policy, attributes, policy.Policy, policy.Term);
        }

        return _latestOutcome;
    }

    /// <summary>RFC 9234 section 5, egress 2: what is for customers only goes to no provider, peer or route server.</summary>
    private bool IsLeak(PathAttributes attributes, AddressFamily family) =>
        attributes.OnlyToCustomer is not null
        && family.IsUnicast
        && _policy.LocalRole is BgpRole.Customer or BgpRole.Peer or BgpRole.RouteServerClient;

    private PathAttributes Prepare(PathAttributes attributes)
    {
        if (!_isExternal)
        {
            return attributes;
        }

        var path = _paths.Prepare(attributes.AsPath);
        return ReferenceEquals(path, attributes.AsPath) ? attributes : attributes with { AsPath = path };
    }

    private ExportOutcome Finish(in PolicyOutcome policy)
    {
        var source = _latest.Source!;
        var exported = _isExternal ? ToExternal(policy) : ToInternal(policy.Attributes, source);
        exported = _policy.TunnelScope.Limit(exported, _latest.Family);
        exported = CommunityChange.Keep(exported, _policy.SentCommunities);
        exported = _policy.IsShuttingDownGracefully ? WithShutdown(exported) : exported;
        exported = IsStale(_latest.Attributes!, _latest.IsLongLivedStale) ? WithStaleness(exported) : exported;
        exported =
            policy.DecidesNextHop || !IsNextHopSelf() ? exported : AttributeChange.WithNextHop(exported, _ownNextHop.Of(_latest.Family));
        return new ExportOutcome(RejectReason.None, exported, policy.Policy, policy.Term);
    }

    /// <summary>Never of a route with a label: this node has given none (RFC 8277 section 3.2.2).</summary>
    private bool IsNextHopSelf() =>
        _isMembership
        || _latest.Family.IsUnicast && (_policy.NextHop == NextHopRule.Self || _policy.NextHop == NextHopRule.Default && _isExternal);

    private PathAttributes ToInternal(PathAttributes attributes, PeerDefinition source)
    {
        var exported = attributes.LocalPref is null ? attributes with { LocalPref = 100 } : attributes;
        if (source.Kind != PeerKind.InternalBgp)
        {
            return exported;
        }

        // RFC 4684 section 3.2: a client is to see this node as the originator of a membership, else it would drop its own interest
        // that another client shares.
        var originator = _isMembership && _policy.IsRouteReflectorClient ? _options.RouterId : exported.OriginatorId ?? source.RouterId;
        return exported with { OriginatorId = originator, ClusterList = [_options.ClusterId!.Value, .. exported.ClusterList] };
    }

    private PathAttributes ToExternal(in PolicyOutcome policy)
    {
        var attributes = policy.Attributes;

        // RFC 4271 section 5.1.4: a neighbour's MED is not passed on to another AS; one of this AS, or of a policy, is our own.
        var keepsMultiExitDisc = policy.DecidesMultiExitDisc || _policy.PassesMultiExitDisc || _latest.Attributes!.AsPath.Length == 0;
        return attributes with
        {
            AsPath = _paths.Finish(attributes.AsPath),
            LocalPref = null,
            MultiExitDisc = keepsMultiExitDisc ? attributes.MultiExitDisc : null,
            OriginatorId = null,
            ClusterList = [],
            ExtendedCommunities = attributes.ExtendedCommunities.All(c => c.IsTransitive)
                ? attributes.ExtendedCommunities
                : attributes.ExtendedCommunities.Where(c => c.IsTransitive).ToEquatableArray(),
            Ipv6ExtendedCommunities = TransitiveOf(attributes.Ipv6ExtendedCommunities),

            // RFC 8669 sections 5 and 8: its numbers mean something inside one domain of segment routing alone.
            PrefixSid = [],
            OnlyToCustomer = attributes.OnlyToCustomer ?? MarkForCustomers(),
        };
    }

    /// <summary>RFC 5701 section 2: bit 0x40 of the type, as in other extended communities.</summary>
    private static EquatableArray<byte> TransitiveOf(EquatableArray<byte> communities)
    {
        const int Bytes = 20;
        const byte NonTransitive = 0x40;
        return communities.IsEmpty ? communities : [.. communities.Chunk(Bytes).Where(c => (c[0] & NonTransitive) == 0).SelectMany(c => c)];
    }

    /// <summary>RFC 9234 section 5, egress 1: what goes to customers, peers and clients of a route server is for customers only from there on.</summary>
    private AsNumber? MarkForCustomers() =>
        _latest.Family.IsUnicast && _policy.LocalRole is BgpRole.Provider or BgpRole.Peer or BgpRole.RouteServer ? _paths.SessionAs : null;

    /// <summary>RFC 8326 section 4.2.</summary>
    private PathAttributes WithShutdown(PathAttributes attributes)
    {
        var tagged = CommunityChange.Add(attributes, WellKnownCommunity.GracefulShutdown);
        return _isExternal ? tagged : AttributeChange.WithLocalPreference(tagged, 0);
    }

    private static bool IsStale(PathAttributes attributes, bool isLongLivedStale) =>
        isLongLivedStale || attributes.Communities.AsSpan().Contains(WellKnownCommunity.LongLivedStale);

    /// <summary>RFC 9494 sections 4.3 and 4.6: a peer of this AS without the capability may only hold it as a last resort; others get it not at all.</summary>
    private PathAttributes WithStaleness(PathAttributes attributes)
    {
        var marked = CommunityChange.Add(attributes, WellKnownCommunity.LongLivedStale);
        return _policy.KnowsLongLivedStale
            ? marked
            : AttributeChange.WithLocalPreference(CommunityChange.Add(marked, WellKnownCommunity.NoExport), 0);
    }
}
