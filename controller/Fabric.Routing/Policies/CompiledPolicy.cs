using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing.Policies;

/// <summary>
/// Owned by one loop. A chain of policies for one session, ready to be asked. The latest outcome is kept, so that routes that share a set
/// of attributes, which come one after the other, cost one evaluation, unless the policy looks at the prefix. A route that is not changed
/// costs no allocation.
/// </summary>
public sealed class CompiledPolicy
{
    private readonly CompiledTerm[] _terms;
    private readonly AsNumber _localAs;
    private readonly OwnNextHop _ownNextHop;
    private readonly AsPathText _pathText = new();
    private PathAttributes? _latest;
    private PeerDefinition? _latestSource;
    private PolicyRoute _latestRoute;
    private PolicyOutcome _latestOutcome;

    /// <summary>The session's local AS and address are what "self" stands for in actions.</summary>
    public CompiledPolicy(EquatableArray<RoutePolicy> chain, AsNumber localAs, OwnNextHop ownNextHop)
    {
        _localAs = localAs;
        _ownNextHop = ownNextHop;
        var terms = new List<CompiledTerm>();
        foreach (var policy in chain)
        {
            var next = terms.Count + policy.Terms.Count;
            terms.AddRange(policy.Terms.Select(t => new CompiledTerm(policy.Name, t, next)));
        }

        _terms = [.. terms];
        DependsOnPrefix = Array.Exists(_terms, t => t.Match.DependsOnPrefix);
    }

    /// <summary>Whether routes with one set of attributes, source and family can fare differently.</summary>
    public bool DependsOnPrefix { get; }

    public PolicyOutcome Evaluate(PathAttributes attributes, PeerDefinition source, in PolicyRoute route)
    {
        var isSameSet = ReferenceEquals(_latest, attributes) && ReferenceEquals(_latestSource, source);
        if (isSameSet && (DependsOnPrefix ? _latestRoute == route : _latestRoute.Family == route.Family))
        {
            return _latestOutcome;
        }

        var outcome = Ask(attributes, source, route);
        if (isSameSet && !ReferenceEquals(outcome.Attributes, attributes) && outcome.Attributes == _latestOutcome.Attributes)
        {
            // One instance for equal changes: whoever packs routes by set finds them together.
            outcome = outcome with
            {
                Attributes = _latestOutcome.Attributes,
            };
        }

        (_latest, _latestSource, _latestRoute, _latestOutcome) = (attributes, source, route, outcome);
        return outcome;
    }

    private PolicyOutcome Ask(PathAttributes attributes, PeerDefinition source, in PolicyRoute route)
    {
        var (decidesNextHop, decidesMultiExitDisc) = (false, false);
        for (var i = 0; i < _terms.Length; )
        {
            var term = _terms[i];
            if (!term.Match.Fits(attributes, source, route, _pathText))
            {
                i++;
                continue;
            }

            foreach (var action in term.Actions)
            {
                if (action is PolicyAction.SetNextHopSelf && !route.Family.IsUnicast)
                {
                    // RFC 8277 section 3.2.2: the label is not this node's.
                    continue;
                }

                attributes = AttributeChange.Apply(action, attributes, _localAs, _ownNextHop.Of(route.Family));
                decidesNextHop |= action is PolicyAction.SetNextHop or PolicyAction.SetNextHopSelf or PolicyAction.KeepNextHop;
                decidesMultiExitDisc |=
                    action is PolicyAction.SetMultiExitDisc or PolicyAction.AddMultiExitDisc or PolicyAction.SubtractMultiExitDisc;
            }

            switch (term.Disposition)
            {
                case Disposition.Accept:
                    return new PolicyOutcome(true, attributes, decidesNextHop, decidesMultiExitDisc, term.Policy, term.Name);
                case Disposition.Reject:
                    return new PolicyOutcome(false, attributes, decidesNextHop, decidesMultiExitDisc, term.Policy, term.Name);
                default:
                    i = term.Disposition == Disposition.NextPolicy ? term.NextPolicy : i + 1;
                    break;
            }
        }

        return new PolicyOutcome(true, attributes, decidesNextHop, decidesMultiExitDisc);
    }
}
