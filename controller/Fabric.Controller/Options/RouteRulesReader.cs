using Fabric.Hosting.Configuration;
using Fabric.Intent;
using Fabric.Primitives;
using static Fabric.Controller.Options.BgpOptionValues;

namespace Fabric.Controller.Options;

/// <summary>
/// The keys for what is done with a neighbour's routes.
/// <code>
/// import-policy: [from-customers]
/// export-policy: [to-customers]
/// next-hop: self                     # default, self, unchanged
/// send-communities: [standard, extended, large]
/// graceful-shutdown: { honor: true, announce: false }
/// </code>
/// </summary>
internal sealed class RouteRulesReader(PolicyNames policies)
{
    private static readonly Words<NextHopRule> s_nextHop = new(
        ("default", NextHopRule.Default),
        ("self", NextHopRule.Self),
        ("unchanged", NextHopRule.Unchanged)
    );

    private static readonly Words<PrivateAsRemoval> s_privateAs = new(
        ("keep", PrivateAsRemoval.None),
        ("remove", PrivateAsRemoval.Remove),
        ("replace", PrivateAsRemoval.Replace)
    );

    private static readonly Words<TunnelEncapsulationRule> s_tunnelEncapsulation = new(
        ("default", TunnelEncapsulationRule.Default),
        ("keep", TunnelEncapsulationRule.Keep),
        ("remove", TunnelEncapsulationRule.Remove)
    );

    private static readonly Words<CommunityKinds> s_communities = new(
        ("standard", CommunityKinds.Standard),
        ("extended", CommunityKinds.Extended),
        ("large", CommunityKinds.Large)
    );

    private static readonly Numbers<byte> s_ownAs = new(0, 10, "a number of occurrences");
    private static readonly Numbers<ushort> s_pathLength = new(1, ushort.MaxValue, "a number of AS numbers");

    public BgpRouteRules Read(OptionsFile section, BgpRouteRules inherited)
    {
        var shutdown = section.Section("graceful-shutdown");
        return new BgpRouteRules
        {
            NextHop = section.Optional<NextHopRule>("next-hop", s_nextHop.TryParse, s_nextHop.Expected, inherited.NextHop),
            OverridesAs = section.Optional<bool>("as-override", Flag, FlagExpected, inherited.OverridesAs),
            AllowedOwnAs = s_ownAs.Read(section, "allow-own-as", inherited.AllowedOwnAs),
            PrivateAsRemoval = section.Optional<PrivateAsRemoval>(
                "private-as",
                s_privateAs.TryParse,
                s_privateAs.Expected,
                inherited.PrivateAsRemoval
            ),
            SentCommunities = SentCommunities(section, inherited.SentCommunities),
            TunnelEncapsulation = section.Optional<TunnelEncapsulationRule>(
                "tunnel-encapsulation",
                s_tunnelEncapsulation.TryParse,
                s_tunnelEncapsulation.Expected,
                inherited.TunnelEncapsulation
            ),
            EnforcesFirstAs = section.Optional<bool>("enforce-first-as", Flag, FlagExpected, inherited.EnforcesFirstAs),
            MaxAsPathLength = s_pathLength.ReadOptional(section, "max-as-path", inherited.MaxAsPathLength),
            HonorsGracefulShutdown =
                shutdown?.Optional<bool>("honor", Flag, FlagExpected, inherited.HonorsGracefulShutdown) ?? inherited.HonorsGracefulShutdown,
            IsShuttingDownGracefully =
                shutdown?.Optional<bool>("announce", Flag, FlagExpected, inherited.IsShuttingDownGracefully)
                ?? inherited.IsShuttingDownGracefully,
            PassesMultiExitDisc = section.Optional<bool>("pass-med", Flag, FlagExpected, inherited.PassesMultiExitDisc),
            ChecksLoopsOnSending = section.Optional<bool>("sender-loop-check", Flag, FlagExpected, inherited.ChecksLoopsOnSending),
            RequiresPolicy = section.Optional<bool?>("requires-policy", OptionalFlag, FlagExpected, inherited.RequiresPolicy),
            ImportPolicies = policies.ReadChain(section, "import-policy", inherited.ImportPolicies),
            ExportPolicies = policies.ReadChain(section, "export-policy", inherited.ExportPolicies),
        };
    }

    private static CommunityKinds SentCommunities(OptionsFile section, CommunityKinds inherited) =>
        section.Has("send-communities")
            ? section
                .List<CommunityKinds>("send-communities", s_communities.TryParse, s_communities.Expected)
                .Aggregate(CommunityKinds.None, (all, kind) => all | kind)
            : inherited;
}
