using Fabric.Bgp;
using Fabric.Controller.Routes;
using Fabric.Intent;
using Fabric.Primitives;
using Fabric.Routing;

namespace Fabric.Controller.Bgp;

/// <summary>What a neighbour is to the routing core while a session with it is up.</summary>
internal static class PeerRules
{
    public static PeerDefinition Of(BgpNeighborIntent intent, SessionNegotiation negotiation, PolicyBook policies)
    {
        var (settings, rules) = (intent.Settings, intent.Settings.Rules);
        return new PeerDefinition
        {
            Name = NameOf(intent.Name),
            Kind = negotiation.IsInternal ? PeerKind.InternalBgp : PeerKind.ExternalBgp,
            RouterId = negotiation.PeerIdentifier,
            Address = intent.Address,
            Families = negotiation.Families,
            AddPathFamilies = negotiation.SentAddPath,
            PathLimits = [.. settings.AddPath.Where(IsLimited).Select(one => new PathLimit(one.Family, (byte)one.SentPaths))],
            ExtendedNextHopFamilies = negotiation.Ipv6NextHops,
            IsRouteReflectorClient = settings.RouteReflectorClient,
            KnowsLongLivedStale = negotiation.PeerKnowsLongLivedStale,
            PeerAs = negotiation.PeerAs,
            LocalAs = settings.LocalAs?.Number,
            PrependsLocalAs = settings.LocalAs?.Prepends ?? true,
            ReplacesAs = settings.LocalAs?.Replaces ?? false,
            LocalRole = settings.Role,
            AllowedOwnAs = rules.AllowedOwnAs,
            EnforcesFirstAs = rules.EnforcesFirstAs,
            MaxAsPathLength = rules.MaxAsPathLength,
            HonorsGracefulShutdown = rules.HonorsGracefulShutdown,
            IsShuttingDownGracefully = rules.IsShuttingDownGracefully,
            OverridesAs = rules.OverridesAs,
            PrivateAsRemoval = rules.PrivateAsRemoval,
            NextHop = rules.NextHop,
            TunnelEncapsulation = rules.TunnelEncapsulation,
            PassesMultiExitDisc = rules.PassesMultiExitDisc,
            SentCommunities = rules.SentCommunities,
            ChecksLoopsOnSending = rules.ChecksLoopsOnSending,
            RequiresPolicy = rules.RequiresPolicy ?? negotiation.Families.Any(HasNoRouteTargets),
            ImportPolicies = policies.Chain(rules.ImportPolicies),
            ExportPolicies = policies.Chain(rules.ExportPolicies),
        };
    }

    private static bool IsLimited(AddPathIntent intent) => intent.SentPaths is > 0 and <= AddPathIntent.MaxLimit;

    // Unicast, plain (SAFI 1) and labelled (SAFI 4).
    private static bool HasNoRouteTargets(AddressFamily family) => family.Safi is 1 or 4;

    /// <summary>What policies and the routing core know a neighbour as.</summary>
    public static string NameOf(string neighbor) => SourceName.OfNeighbor(neighbor);
}
