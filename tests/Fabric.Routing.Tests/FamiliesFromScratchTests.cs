using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing.Tests;

internal sealed class FamiliesFromScratchTests
{
    private const int Steps = 300;

    [Test]
    public void Tables_of_all_families_and_what_peers_hold_equal_a_computation_from_scratch([Range(1, 30)] int seed)
    {
        var history = new FamilyHistory(seed);
        for (var step = 1; step <= Steps; step++)
        {
            history.Step();
            AssertTables(history, $"seed {seed} step {step}");
            Recount.AssertSame(history.Fixture.Core, $"seed {seed} step {step}");
            if (history.Chance(3))
            {
                history.Fixture.Drain(maxSwept: step % 4);
                AssertHeld(history, $"seed {seed} step {step}");
            }
        }
    }

    private static void AssertTables(FamilyHistory history, string where)
    {
        var (core, oracle) = (history.Fixture.Core, history.Oracle);
        foreach (var family in FamilyOracle.Samples.Select(s => s.Family).Distinct())
        {
            Assert.That(
                Feasible(core.Routes(family)).Select(r => Line(NameOf(family, r), r)).Order(),
                Is.EqualTo(Lines(oracle.Table(family))),
                $"{where} {family}"
            );
        }

        foreach (var vrf in new[] { "red", "blue" })
        {
            var evpn = Feasible(core.VrfEvpnRoutes(vrf)).Select(r => Line(FamilyOracle.WithoutRd(r.Evpn.ToString()!), r));
            Assert.That(evpn.Order(), Is.EqualTo(Lines(oracle.VrfEvpn(vrf))), $"{where} {vrf} evpn");
            var prefixes = Feasible(core.VrfRoutes(vrf)).Select(r => Line(r.Key.Prefix.ToString(), r, isEvpn: false));
            Assert.That(prefixes.Order(), Is.EqualTo(Lines(oracle.VrfPrefixes(vrf), isEvpn: false)), $"{where} {vrf}");
        }
    }

    private static void AssertHeld(FamilyHistory history, string where)
    {
        foreach (var speaker in history.Oracle.Speakers.Values.Where(s => s.IsUp && !history.Blocked.Contains(s.Name)))
        {
            var held = history
                .Fixture.Held[speaker.Name]
                .Where(h => !h.Key.EndsWith("/96", StringComparison.Ordinal))
                .Select(h => $"{h.Key.Split(" #")[0]} = {h.Value}");
            Assert.That(held.Order(), Is.EqualTo(history.Oracle.Held(speaker.Name).Order()), $"{where} {speaker.Name}");
        }
    }

    private static IEnumerable<RouteView> Feasible(IEnumerable<RouteView> routes) => routes.Where(r => r.Paths.Any(p => p.IsFeasible));

    private static string NameOf(AddressFamily family, RouteView route) =>
        family.Safi switch
        {
            1 => $"Unicast|{route.Key}",
            4 => $"Labelled|{route.Key}",
            70 => route.Evpn.ToString()!,
            _ => route.Key.ToString(),
        };

    private static IEnumerable<string> Lines(
        IEnumerable<(string Name, List<FamilyOracle.Candidate> Ordered, int Equal)> routes,
        bool isEvpn = true
    ) =>
        routes
            .Select(route =>
                $"{route.Name} {string.Join(", ", route.Ordered.Take(route.Equal).Select(c => Text(c, isEvpn)))} of {route.Ordered.Count}"
            )
            .Order();

    private static string Text(FamilyOracle.Candidate path, bool isEvpn)
    {
        var isOfEvpn = path.Key.Route.Evpn is not null;
        var label =
            !isOfEvpn ? path.Said.Label
            : isEvpn ? 0
            : path.Said.Data.LabelField >> 4;
        return Text(path.Source.Name, path.Key.PathId, path.Attributes, label, isOfEvpn && isEvpn ? path.Said.Data : null);
    }

    private static string Line(string name, RouteView route, bool isEvpn = true)
    {
        var equal = route
            .Paths.Where(p => p.IsEqual)
            .Select(p => Text(p.Source, p.PathId, p.Attributes, p.Label.Value, isEvpn ? p.Evpn : null));
        return $"{name} {string.Join(", ", equal)} of {route.Paths.Count(p => p.IsFeasible)}";
    }

    private static string Text(string source, uint pathId, PathAttributes attributes, uint label, EvpnData? data) =>
        $"{source}#{pathId} {Fixture.Describe(attributes, new MplsLabel(label))} {data}";
}
