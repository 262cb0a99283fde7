using Fabric.Primitives;

namespace Fabric.Routing.Tests;

/// <summary>Rules and policies of peers and VRFs change, what stale peers said grows old, and routes are asked for again.</summary>
internal sealed partial class FamilyHistory
{
    private void DefineVrf(string name)
    {
        var (imports, policies) = (Targets(), RandomPolicies());
        Oracle.Vrfs[name] = new([.. imports.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(uint.Parse)], policies);
        Fixture.Core.ConfigureVrf(
            new VrfDefinition
            {
                Name = name,
                ImportTargets = Fixture.Targets(imports),
                ExportTargets = [],
                ImportPolicies = [.. policies.Select(p => p.Policy)],
            }
        );
    }

    /// <summary>Also while the peer is away and its routes are kept.</summary>
    private void Redefine(FamilyOracle.Speaker speaker)
    {
        if (_ids.TryGetValue(speaker.Name, out var id))
        {
            ChooseRules(speaker);
            Fixture.Core.Redefine(id, DefinitionOf(speaker));
        }
    }

    /// <summary>The restart time of a family is over of which something is kept, if there is any.</summary>
    private void GrowOld()
    {
        var kept = Oracle.Said.Where(s => s.Value.IsStale).Select(s => (s.Key.Peer, s.Key.Family)).Distinct().ToArray();
        if (kept.Length == 0)
        {
            return;
        }

        var (peer, aged) = Pick(kept);
        Fixture.Core.MarkLongLivedStale(_ids[peer], aged);
        Oracle.Forget(peer, (key, said) => said.IsStale && key.Family == aged && said.MayNotBeKeptForLong);
        foreach (var (key, said) in Oracle.Said)
        {
            said.IsLongLived |= said.IsStale && key.Peer == peer && key.Family == aged;
        }
    }

    /// <summary>The peer asks for routes again, or begins to send its own again.</summary>
    private void Refresh(FamilyOracle.Speaker speaker)
    {
        var (id, family) = (_ids[speaker.Name], Pick(Families));
        if (Chance(2))
        {
            Fixture.Core.Refresh(id, family, isMarked: Chance(2));
            return;
        }

        Fixture.Core.BeginRefresh(id, family);
        foreach (var (key, said) in Oracle.Said)
        {
            said.IsStale |= key.Peer == speaker.Name && key.Family == family;
        }
    }

    private void ChooseRules(FamilyOracle.Speaker speaker)
    {
        speaker.Imports = Chance(2) ? RandomPolicies() : speaker.Imports;
        speaker.Exports = Chance(2) ? RandomPolicies() : speaker.Exports;
        speaker.IsClient ^= speaker.Kind == PeerKind.InternalBgp && Chance(8);
        speaker.PathLimit = speaker.PathLimit > 0 && Chance(4) ? Pick([1, 2, AllPaths]) : speaker.PathLimit;
    }

    private static PeerDefinition DefinitionOf(FamilyOracle.Speaker speaker) =>
        Fixture.Define(speaker.Name, speaker.Kind, speaker.Number, speaker.IsClient) with
        {
            Families = [.. Families, .. speaker.HasRtc ? new[] { AddressFamily.RouteTargetMembership } : []],
            AddPathFamilies = speaker.PathLimit > 0 ? [.. Families] : [],
            PathLimits = speaker.PathLimit is > 0 and < AllPaths
                ? [.. Families.Select(family => new PathLimit(family, (byte)speaker.PathLimit))]
                : [],
            ImportPolicies = [.. speaker.Imports.Select(p => p.Policy)],
            ExportPolicies = [.. speaker.Exports.Select(p => p.Policy)],
        };

    private OraclePolicy[] RandomPolicies() => [.. Enumerable.Range(0, _random.Next(3)).Select(_ => Pick(OraclePolicy.All))];
}
