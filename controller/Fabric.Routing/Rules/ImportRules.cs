using Fabric.Primitives;
using Fabric.Routing.Policies;
using Fabric.Wire.Bgp;

namespace Fabric.Routing;

/// <summary>
/// The rules for what comes from one peer, in this order:
/// <code>
/// loops              own AS (RFC 4271 section 9.1.2, RFC 7705), ORIGINATOR_ID, CLUSTER_LIST (RFC 4456 section 8)
/// external peers     first AS, length of the path, roles (RFC 9234), a policy at all (RFC 8212)
/// own next hop       of routes without a label, and of all but memberships from outside (RFC 4271 section 6.3)
/// tunnels            encapsulations that are out of scope are not seen from here on (RFC 9012 section 11)
/// import policies    see what the rules above have made: the local AS, ONLY_TO_CUSTOMER
/// graceful shutdown  LOCAL_PREF 0, unless a policy took the community away (RFC 8326)
/// next hop           more than a link-local address, which a policy may have put in its place (RFC 2545 section 3)
/// room               for what all of this has added
/// </code>
/// Owned by one loop; what does not look at the prefix is worked out once for routes in a row that share a set.
/// </summary>
public sealed class ImportRules
{
    private readonly RoutingOptions _options;
    private readonly PeerDefinition _peer;
    private readonly CompiledPolicy? _policy;
    private readonly OwnNextHop _ownNextHop;
    private readonly bool _isExternal;
    private readonly TunnelScope _tunnels;
    private readonly AttributeRoom _room = new();
    private OfferedAttributes _latestOffered;
    private RejectReason _latestLoop;
    private RejectReason _latestNextHop;
    private PathAttributes? _latest;
    private AddressFamily _latestFamily;
    private ImportOutcome _latestOutcome;
    private PathAttributes? _latestTagged;
    private PathAttributes? _latestShut;

    public ImportRules(RoutingOptions options, PeerDefinition peer)
    {
        _options = options;
        _peer = peer;
        _isExternal = peer.Kind == PeerKind.ExternalBgp;
        _tunnels = TunnelScopes.Of(peer);
        _ownNextHop = new OwnNextHop(peer.LocalAddress ?? options.LocalAddress, options.Ipv6NextHop);
        IsTrivial =
            peer.Kind is PeerKind.InternalBgp or PeerKind.Local
            && peer.ImportPolicies.IsEmpty
            && peer is { AllowedOwnAs: 0, MaxAsPathLength: null }
            && _tunnels == TunnelScope.All;
        if (!peer.ImportPolicies.IsEmpty)
        {
            var localAs = _isExternal ? peer.LocalAs ?? options.LocalAs : options.LocalAs;
            _policy = new CompiledPolicy(peer.ImportPolicies, localAs, _ownNextHop);
        }
    }

    /// <summary>
    /// Nothing is asked but the three loops, with no own AS allowed, and the next hop, and no attribute changes: <see cref="JudgeTrivially"/> says
    /// all, and needs no object of the attributes.
    /// </summary>
    public bool IsTrivial { get; }

    /// <summary>The part of <see cref="Judge"/> that is all of it where the rules are trivial.</summary>
    internal RejectReason JudgeTrivially(in OfferedAttributes offered, RouteTableKind kind)
    {
        if (_latestOffered != offered)
        {
            var stored = offered.Stored;
            var trace = new PathTrace(stored);
            _latestOffered = offered;
            _latestLoop =
                trace.HasPassed(_options.LocalAs) ? RejectReason.AsLoop
                : trace.IsOriginatedBy(_options.RouterId) ? RejectReason.OriginatorLoop
                : _options.ClusterId is { } cluster && trace.HasPassed(cluster) ? RejectReason.ClusterLoop
                : RejectReason.None;
            var nextHop = StoredAttributes.NextHop(stored);
            _latestNextHop =
                LeadsBack(nextHop) ? RejectReason.OwnNextHop
                : nextHop.IsLinkLocal ? RejectReason.LinkLocalNextHop
                : RejectReason.None;
        }

        return _latestLoop != RejectReason.None || kind == RouteTableKind.Membership ? _latestLoop
            : _latestNextHop == RejectReason.OwnNextHop && kind != RouteTableKind.Unicast ? RejectReason.None
            : _latestNextHop;
    }

    public ImportOutcome Judge(PathAttributes attributes, in PolicyRoute route)
    {
        var outcome = JudgeByRules(attributes, route);
        if (
            outcome is { Reason: RejectReason.None, Attributes.NextHop.IsLinkLocal: true }
            && route.Family != AddressFamily.RouteTargetMembership
        )
        {
            return new ImportOutcome(RejectReason.LinkLocalNextHop, attributes, outcome.Policy, outcome.Term);
        }

        return ReferenceEquals(outcome.Attributes, attributes) || _room.Has(outcome.Attributes)
            ? outcome
            : new ImportOutcome(RejectReason.TooLong, attributes, outcome.Policy, outcome.Term);
    }

    private ImportOutcome JudgeByRules(PathAttributes attributes, in PolicyRoute route)
    {
        if (!ReferenceEquals(_latest, attributes) || _latestFamily != route.Family)
        {
            var reason = _peer.Kind == PeerKind.Agent ? JudgeAgent(attributes) : JudgePath(attributes, route.Family);
            _latestOutcome = new ImportOutcome(reason, reason == RejectReason.None ? InScope(attributes, route.Family) : attributes);
            (_latest, _latestFamily) = (attributes, route.Family);
        }

        if (_latestOutcome.Reason != RejectReason.None || route.Family == AddressFamily.RouteTargetMembership)
        {
            return _latestOutcome;
        }

        if (_policy is null)
        {
            return _isExternal && _peer.RequiresPolicy
                ? new ImportOutcome(RejectReason.NoPolicy, attributes)
                : _latestOutcome with
                {
                    Attributes = WithShutdown(_latestOutcome.Attributes),
                };
        }

        var outcome = _policy.Evaluate(_latestOutcome.Attributes, _peer, route);
        return outcome.IsAccepted
            ? new ImportOutcome(RejectReason.None, WithShutdown(outcome.Attributes), outcome.Policy, outcome.Term)
            : new ImportOutcome(RejectReason.Policy, attributes, outcome.Policy, outcome.Term);
    }

    private static RejectReason JudgeAgent(PathAttributes attributes) =>
        attributes.HasTunnels && attributes.Encapsulations == TunnelEncapsulations.None
            ? RejectReason.NoTunnelEncapsulation
            : RejectReason.None;

    private RejectReason JudgePath(PathAttributes attributes, AddressFamily family)
    {
        var path = attributes.AsPath;
        return HasLoop(path) ? RejectReason.AsLoop
            : attributes.OriginatorId == _options.RouterId ? RejectReason.OriginatorLoop
            : _options.ClusterId is { } cluster && attributes.ClusterList.AsSpan().Contains(cluster) ? RejectReason.ClusterLoop
            : path.Length > (_peer.MaxAsPathLength ?? int.MaxValue) ? RejectReason.AsPathTooLong
            : _isExternal && _peer is { EnforcesFirstAs: true, PeerAs: { } peerAs } && path.NeighborAs != peerAs ? RejectReason.FirstAs
            : MayLeadBack(family) && LeadsBack(attributes.NextHop) ? RejectReason.OwnNextHop
            : _isExternal && family.IsUnicast && IsLeak(attributes.OnlyToCustomer) ? RejectReason.RouteLeak
            : RejectReason.None;
    }

    /// <summary>
    /// A label from inside is that of the forwarder at the address, which is an agent's where a host runs both: the route does not lead to this
    /// speaker. What is from outside has no such excuse. Nobody uses the next hop of a membership.
    /// </summary>
    private bool MayLeadBack(AddressFamily family) => _isExternal ? family != AddressFamily.RouteTargetMembership : family.IsUnicast;

    /// <summary>RFC 4271 section 6.3 a, of internal peers too; what this node has made itself may well have its own address.</summary>
    private bool LeadsBack(IpAddress nextHop) => _peer.Kind != PeerKind.Local && _ownNextHop.Is(nextHop);

    private bool HasLoop(AsPath path) =>
        Occurrences(path, _options.LocalAs) > _peer.AllowedOwnAs
        || _isExternal && _peer.LocalAs is { } localAs && Occurrences(path, localAs) > _peer.AllowedOwnAs;

    private static int Occurrences(AsPath path, AsNumber asNumber)
    {
        var count = 0;
        foreach (var segment in path.Segments)
        {
            foreach (var number in segment.Numbers)
            {
                count += number == asNumber ? 1 : 0;
            }
        }

        return count;
    }

    /// <summary>RFC 9234 section 5, ingress 1 and 2: customers may not send what is for customers only, and peers only what they marked themselves.</summary>
    private bool IsLeak(AsNumber? onlyToCustomer) =>
        onlyToCustomer is not null
        && _peer.LocalRole switch
        {
            BgpRole.Provider or BgpRole.RouteServer => true,
            BgpRole.Peer => onlyToCustomer != _peer.PeerAs,
            _ => false,
        };

    private PathAttributes InScope(PathAttributes attributes, AddressFamily family)
    {
        attributes = _tunnels.Limit(attributes, family);
        return _isExternal ? WithMarks(attributes, family.IsUnicast) : attributes;
    }

    /// <summary>The local AS in front of the path (RFC 7705 section 3.1), and RFC 9234 section 5, ingress 3: what providers and peers send is for customers only.</summary>
    private PathAttributes WithMarks(PathAttributes attributes, bool isUnicast)
    {
        if (_peer is { LocalAs: { } localAs, PrependsLocalAs: true } && localAs != _options.LocalAs)
        {
            attributes = AttributeChange.WithPrepended(attributes, localAs, 1);
        }

        return
            isUnicast
            && attributes.OnlyToCustomer is null
            && _peer is { PeerAs: not null, LocalRole: BgpRole.Customer or BgpRole.RouteServerClient or BgpRole.Peer }
            ? attributes with
            {
                OnlyToCustomer = _peer.PeerAs,
            }
            : attributes;
    }

    private PathAttributes WithShutdown(PathAttributes attributes)
    {
        if (!_isExternal || !_peer.HonorsGracefulShutdown || !attributes.Communities.AsSpan().Contains(WellKnownCommunity.GracefulShutdown))
        {
            return attributes;
        }

        if (!ReferenceEquals(_latestTagged, attributes))
        {
            _latestTagged = attributes;
            _latestShut = AttributeChange.WithLocalPreference(attributes, 0);
        }

        return _latestShut!;
    }
}
