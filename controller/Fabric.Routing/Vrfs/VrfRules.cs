using Fabric.Primitives;
using Fabric.Routing.Policies;
using Fabric.Wire.Bgp;

namespace Fabric.Routing;

/// <summary>
/// The rules of one VRF for routes on their way into the VPN table and out of it (RFC 4364 section 4.3), where its policies stand.
/// Owned by one loop; routes in a row that share a set cost one evaluation.
/// </summary>
public sealed class VrfRules
{
    private readonly ExtendedCommunity[] _exportTargets;
    private readonly CompiledPolicy? _imports;
    private readonly CompiledPolicy? _exports;
    private readonly AttributeRoom _room = new();
    private PathAttributes? _latest;
    private PathAttributes _latestTargeted = PathAttributes.Empty;

    public VrfRules(RoutingOptions options, VrfDefinition vrf)
    {
        _exportTargets = [.. vrf.ExportTargets.Select(t => t.Community)];
        _imports = Compile(options, vrf.ImportPolicies);
        _exports = Compile(options, vrf.ExportPolicies);
    }

    /// <summary>Whether every route that an import target brings is taken, as it is.</summary>
    public bool TakesAll => _imports is null;

    /// <summary>A VPN route that an import target brings; the route is the one of the VPN table, the source the peer that it came from.</summary>
    public ImportOutcome Import(PathAttributes attributes, PeerDefinition source, in PolicyRoute route)
    {
        if (_imports is null)
        {
            return new ImportOutcome(RejectReason.None, attributes);
        }

        var outcome = _imports.Evaluate(attributes, source, route);
        var reason =
            !outcome.IsAccepted ? RejectReason.Policy
            : HasRoom(outcome, attributes) ? RejectReason.None
            : RejectReason.TooLong;
        var kept = reason == RejectReason.None ? outcome.Attributes : attributes;
        return new ImportOutcome(reason, kept, outcome.Policy, outcome.Term);
    }

    /// <summary>
    /// A route of the VRF, and its form in the VPN table: with the export targets in place of any of its own, which are not its source's to choose,
    /// and what the policies make of it.
    /// </summary>
    public ExportOutcome Export(PathAttributes attributes, PeerDefinition source, in PolicyRoute route)
    {
        if (!ReferenceEquals(_latest, attributes))
        {
            _latestTargeted = Target(attributes);
            _latest = attributes;
        }

        var outcome = _exports?.Evaluate(_latestTargeted, source, route) ?? new PolicyOutcome(true, _latestTargeted);
        if (outcome.IsAccepted && !HasRoom(outcome, attributes))
        {
            return new ExportOutcome(RejectReason.TooLong, attributes, outcome.Policy, outcome.Term);
        }

        var reason =
            !outcome.IsAccepted ? RejectReason.Policy
            : HasTarget(outcome.Attributes) ? RejectReason.None
            : RejectReason.NoRouteTarget;
        return new ExportOutcome(reason, outcome.Attributes, outcome.Policy, outcome.Term);
    }

    private bool HasRoom(in PolicyOutcome outcome, PathAttributes given) =>
        ReferenceEquals(outcome.Attributes, given) || _room.Has(outcome.Attributes);

    private PathAttributes Target(PathAttributes attributes)
    {
        var own = HasTarget(attributes)
            ? attributes with
            {
                ExtendedCommunities = [.. attributes.ExtendedCommunities.Where(community => !community.IsRouteTarget)],
            }
            : attributes;
        return _exportTargets.Length == 0 ? own : own.WithExtendedCommunities(_exportTargets);
    }

    private static CompiledPolicy? Compile(RoutingOptions options, EquatableArray<RoutePolicy> chain) =>
        chain.IsEmpty ? null : new CompiledPolicy(chain, options.LocalAs, new OwnNextHop(options.LocalAddress, options.Ipv6NextHop));

    private static bool HasTarget(PathAttributes attributes)
    {
        foreach (var community in attributes.ExtendedCommunities)
        {
            if (community.IsRouteTarget)
            {
                return true;
            }
        }

        return false;
    }
}
