using Fabric.Primitives;

namespace Fabric.Routing.Tests;

/// <summary>Rules and policies of peers and VRFs change, and what stale peers said grows old.</summary>
internal sealed partial class RandomHistory
{
    private void DefineVrf(string name)
    {
        var former = Oracle.Vrfs.GetValueOrDefault(name);
        var (imports, exports) = (RandomTargets(), RandomTargets());
        var vrf = new Oracle.Vrf(Numbers(imports), Numbers(exports)) { Imports = RandomPolicies(), Exports = RandomPolicies() };
        if (former is not null && _random.Next(2) == 0)
        {
            // The targets stay, so that the policies alone are other ones.
            vrf = vrf with
            {
                Import = former.Import,
                Export = former.Export,
            };
        }

        Oracle.Vrfs[name] = vrf;
        Fixture.Core.ConfigureVrf(
            new VrfDefinition
            {
                Name = name,
                ImportTargets = [.. vrf.Import.Select(Fixture.Target)],
                ExportTargets = [.. vrf.Export.Select(Fixture.Target)],
                ImportPolicies = [.. vrf.Imports.Select(p => p.Policy)],
                ExportPolicies = [.. vrf.Exports.Select(p => p.Policy)],
            }
        );
    }

    /// <summary>Also while the peer is away and its routes are kept.</summary>
    private void Redefine(Oracle.Speaker speaker)
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
        var kept = new HashSet<(string, AddressFamily)>();
        foreach (var name in _ids.Keys)
        {
            Each(name, (said, family) => _ = said.IsStale && kept.Add((name, family)));
        }

        if (kept.Count == 0)
        {
            return;
        }

        var (aging, aged) = Pick(kept.ToArray());
        Fixture.Core.MarkLongLivedStale(_ids[aging], aged);
        var gone = new HashSet<Oracle.Said>(ReferenceEqualityComparer.Instance);
        Each(aging, (said, family) => said.IsLongLived |= said.IsStale && family == aged);
        Each(aging, (said, family) => _ = said.IsStale && family == aged && said.MayNotBeKeptForLong && gone.Add(said));
        RemoveSaid(gone);
    }

    /// <summary>The peer asks for routes again, or begins to send its own again.</summary>
    private void Refresh(Oracle.Speaker speaker)
    {
        var (id, refreshed) = (_ids[speaker.Name], Pick(Families));
        if (_random.Next(2) == 0)
        {
            Fixture.Core.Refresh(id, refreshed, isMarked: _random.Next(2) == 0);
            return;
        }

        Fixture.Core.BeginRefresh(id, refreshed);
        Each(speaker.Name, (said, family) => said.IsStale |= family == refreshed);
    }

    private void ChooseRules(Oracle.Speaker speaker)
    {
        speaker.Imports = _random.Next(2) == 0 ? RandomPolicies() : speaker.Imports;
        speaker.Exports = speaker.Kind != PeerKind.Agent && _random.Next(2) == 0 ? RandomPolicies() : speaker.Exports;
        speaker.IsClient ^= speaker.Kind == PeerKind.InternalBgp && _random.Next(8) == 0;
    }

    private static PeerDefinition DefinitionOf(Oracle.Speaker speaker) =>
        Fixture.Define(speaker.Name, speaker.Kind, (int)(speaker.RouterId & 0xFF), speaker.IsClient, speaker.HasRtc) with
        {
            ImportPolicies = [.. speaker.Imports.Select(p => p.Policy)],
            ExportPolicies = [.. speaker.Exports.Select(p => p.Policy)],
        };

    private OraclePolicy[] RandomPolicies() => [.. Enumerable.Range(0, _random.Next(3)).Select(_ => Pick(OraclePolicy.All))];
}
