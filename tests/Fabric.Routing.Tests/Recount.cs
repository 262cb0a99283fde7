namespace Fabric.Routing.Tests;

/// <summary>The figures that are counted as routes come and go, held against the routes themselves.</summary>
internal static class Recount
{
    public static void AssertSame(RoutingCore core, string where)
    {
        foreach (var family in RoutingCore.Families)
        {
            var best = core.Routes(family).Count(route => route.Paths.Any(path => path.IsEqual));
            Assert.That(core.CountBest(family), Is.EqualTo(best), $"{where} best {family}");
            foreach (var peer in core.Peers)
            {
                var held = core.AdvertisedTo(peer.Id, family, null, limit: 0).Total;
                Assert.That(core.CountAdvertised(peer.Id, family), Is.EqualTo(held), $"{where} {peer.Definition.Name} {family}");
            }
        }
    }
}
