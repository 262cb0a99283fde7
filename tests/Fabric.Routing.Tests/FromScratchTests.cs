using Fabric.Primitives;

namespace Fabric.Routing.Tests;

internal sealed class FromScratchTests
{
    private const int Steps = 200;

    [Test]
    public void Tables_and_adj_ribs_out_equal_a_computation_from_scratch([Range(1, 60)] int seed)
    {
        var history = new RandomHistory(seed);
        for (var step = 1; step <= Steps; step++)
        {
            history.Step();
            AssertTables(history, $"seed {seed} step {step}");
            Recount.AssertSame(history.Fixture.Core, $"seed {seed} step {step}");
            AssertCounts(history, $"seed {seed} step {step}");
            if (history.Chance(3))
            {
                history.Fixture.Drain(maxSwept: step % 4);
                AssertHeld(history, $"seed {seed} step {step}");
            }
        }
    }

    [Test]
    public void No_route_is_in_a_vrf_without_a_shared_target_at_any_step([Range(1001, 1020)] int seed)
    {
        var history = new RandomHistory(seed);
        for (var step = 1; step <= Steps; step++)
        {
            history.Step();
            foreach (var vrf in history.Fixture.Core.Vrfs)
            {
                var leaked = history
                    .Fixture.Core.VrfRoutes(vrf.Name)
                    .SelectMany(r => r.Paths)
                    .Where(p => p.ImportedFrom is not null)
                    .Where(p =>
                        vrf.Definition is null || !(p.Received ?? p.Attributes).RouteTargets.Intersect(vrf.Definition.ImportTargets).Any()
                    );
                Assert.That(leaked, Is.Empty, $"seed {seed} step {step} {vrf.Name}");
            }
        }
    }

    private static void AssertTables(RandomHistory history, string where)
    {
        var (core, oracle) = (history.Fixture.Core, history.Oracle);
        foreach (var name in new[] { "red", "blue", "green" })
        {
            var actual = core.VrfRoutes(name).Select(r => Line(r.Key.ToString(), r.Paths)).Order();
            var expected = oracle.VrfCandidates(name).GroupBy(c => c.Prefix).Select(g => Line(g.Key, Oracle.EqualOf(g), g.Count())).Order();
            Assert.That(actual, Is.EqualTo(expected), $"{where} {name}");
        }

        var vpn = core
            .VpnRoutes.Select(r => Line(r.Key.ToString(), r.Paths.Where(p => p.IsEqual), r.Paths.Count(IsExported)))
            .Where(l => !l.EndsWith(" of 0", StringComparison.Ordinal))
            .Order();
        var expectedVpn = oracle
            .VpnCandidates()
            .GroupBy(c => (c.Rd, c.Prefix))
            .Select(g => Line($"{g.Key.Rd}:{g.Key.Prefix}", Oracle.EqualOf(g), g.Count()))
            .Order();
        Assert.That(vpn, Is.EqualTo(expectedVpn), $"{where} vpn");
    }

    private static void AssertCounts(RandomHistory history, string where)
    {
        foreach (var peer in history.Fixture.Core.Peers)
        {
            foreach (var family in RandomHistory.Families)
            {
                var counts = history.Fixture.Core.CountsOf(peer.Id, family);
                Assert.That(counts, Is.EqualTo(history.Oracle.CountsOf(peer.Definition.Name, family)), $"{where} {peer.Id} {family}");
            }
        }
    }

    private static bool IsExported(PathView path) => path.Reason is not (RejectReason.VrfUnknown or RejectReason.NoRouteTarget);

    private static void AssertHeld(RandomHistory history, string where)
    {
        foreach (var speaker in history.Oracle.Speakers.Values)
        {
            if (speaker.IsUp && !history.Blocked.Contains(speaker.Name))
            {
                var held = history.Fixture.Held[speaker.Name].Select(h => $"{h.Key} = {h.Value}");
                var expected = history.Oracle.Held(speaker.Name).Select(h => $"{h.Key} = {h.Value}");
                Assert.That(held, Is.EqualTo(expected), $"{where} {speaker.Name}");
            }
        }
    }

    private static string Line(string key, EquatableArray<PathView> paths) => Line(key, paths.Where(p => p.IsEqual), paths.Count);

    private static string Line(string key, IEnumerable<PathView> equal, int count) =>
        $"{key} {string.Join(", ", equal.Select(p => $"{p.Source} {Fixture.Describe(p.Attributes, p.Label)}"))} of {count}";

    private static string Line(string key, List<Oracle.Candidate> equal, int count) =>
        $"{key} {string.Join(", ", equal.Select(p => $"{p.Source.Name} {Fixture.Describe(p.Attributes, new MplsLabel(p.Label))}"))} of {count}";
}
