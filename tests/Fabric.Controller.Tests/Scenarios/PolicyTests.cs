using Fabric.Controller.Inspection;
using Fabric.Primitives;

namespace Fabric.Controller.Tests.Scenarios;

/// <summary>Policies of the options file act on the routes of a session.</summary>
public sealed class PolicyTests
{
    [Test]
    public void An_import_policy_refuses_what_its_terms_reject()
    {
        var scene = Scene.OfFile(
            """
            neighbors: [{ name: gw, address: 192.0.2.21, families: [vpnv4], passive: true, import-policy: own }]
            prefix-lists: { own: [203.0.113.0/24 le 32] }
            policies: { own: [{ match: { prefix-lists: [own] }, then: accept }, { then: reject }] }
            """
        );
        var gateway = scene.Gateway("gw", 21).Connected();

        gateway.Announce(scene.TargetOf("red"), "203.0.113.0/25", "198.51.100.0/24");
        scene.Run();

        Assert.That(scene.Routes("red").Routes.Select(route => route.Prefix), Is.EqualTo(new[] { "203.0.113.0/25" }));
    }

    [Test]
    public void An_export_policy_changes_what_a_neighbour_hears()
    {
        var scene = Scene.OfFile(
            """
            neighbors: [{ name: gw, address: 192.0.2.21, families: [vpnv4], passive: true, export-policy: [moved] }]
            policies: { moved: [{ match: { sources: [agent] }, set: { next-hop: 192.0.2.99 } }] }
            """
        );
        var gateway = scene.Gateway("gw", 21).Connected();

        Publish(scene);

        Assert.That(gateway.Heard[^1], Is.EqualTo("10.1.0.3/32 via 192.0.2.99"));
    }

    /// <summary>RFC 8212 section 2.</summary>
    [TestCase("true", false)]
    [TestCase("false", true)]
    public void An_external_neighbour_that_requires_a_policy_hears_and_says_nothing_without_one(string requires, bool passes)
    {
        var scene = Scene.OfFile(
            $"neighbors: [{{ name: gw, address: 192.0.2.21, as: 65001, families: [vpnv4], passive: true, requires-policy: {requires} }}]\n"
        );
        var gateway = External(scene).Connected();

        gateway.AsNumbers = [65001];
        gateway.Announce(scene.TargetOf("red"), "203.0.113.0/24");
        Publish(scene);

        Assert.That(scene.Routes("red").Routes.Any(route => route.Prefix == "203.0.113.0/24"), Is.EqualTo(passes));
        Assert.That(gateway.Heard.Contains("10.1.0.3/32 via 192.0.2.11"), Is.EqualTo(passes));
    }

    [Test]
    public void A_policy_that_changes_judges_again_what_a_neighbour_has_said()
    {
        var scene = Scene.OfFile(Changing("accept"));
        var gateway = scene.Gateway("gw", 21).Connected();
        gateway.Announce(scene.TargetOf("red"), "203.0.113.0/24");
        scene.Run();
        Assert.That(scene.Routes("red").Routes, Has.Count.EqualTo(1));

        scene.Reload(Changing("reject"));
        Assert.That(scene.Routes("red").Routes, Is.Empty);
        scene.Reload(Changing("accept"));

        Assert.That(scene.Routes("red").Routes.Single().Prefix, Is.EqualTo("203.0.113.0/24"));
        Assert.That(gateway.Heard, Has.None.StartsWith("down"));
    }

    [Test]
    public void A_policy_that_changes_judges_again_what_is_kept_of_a_neighbour_that_is_down()
    {
        var scene = Scene.OfFile(Changing("accept"));
        var gateway = scene.Gateway("gw", 21).Connected();
        gateway.Announce(scene.TargetOf("red"), "203.0.113.0/24");
        scene.Run();
        gateway.Crash();
        scene.Run();
        Assert.That(scene.Routes("red").Routes, Has.Count.EqualTo(1), "kept as stale");

        scene.Reload(Changing("reject"));
        Assert.That(scene.Routes("red").Routes, Is.Empty);
        scene.Reload(Changing("accept"));

        Assert.That(scene.Routes("red").Routes, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_VRFs_import_policy_refuses_routes_and_takes_them_again_when_it_changes()
    {
        const string neighbor = "neighbors: [{ name: gw, address: 192.0.2.21, families: [vpnv4], passive: true }]\n";
        const string policy =
            $"policies: {{ none: [{{ then: reject }}] }}\nvrf-policies: [{{ vrf: \"{Scene.RedVrf}\", import-policy: none }}]\n";
        var scene = Scene.OfFile(neighbor + policy);
        var gateway = scene.Gateway("gw", 21).Connected();

        gateway.Announce(scene.TargetOf("red"), "203.0.113.0/24");
        scene.Run();
        Assert.That(PathOf(scene).Best, Is.False);
        Assert.That(PathOf(scene).Rejection, Is.Not.Null);
        scene.Reload(neighbor);

        Assert.That(PathOf(scene).Best, Is.True);
    }

    private static PathDocument PathOf(Scene scene) => scene.Routes("red").Routes.Single().Paths.Single();

    private static string Changing(string then) =>
        $$"""
            neighbors: [{ name: gw, address: 192.0.2.21, families: [vpnv4], passive: true, import-policy: all }]
            policies: { all: [{ then: {{then}} }] }
            """;

    private static GatewayPlayer External(Scene scene)
    {
        var gateway = scene.Gateway("gw", 21);
        gateway.Options = gateway.Options with { LocalAs = new AsNumber(65001), PeerAs = new AsNumber(64512) };
        return gateway;
    }

    private static void Publish(Scene scene)
    {
        var host = scene.Agent("host1", 11).Connected();
        host.Session.SubscribeVrf(Scene.RedVrf, 1);
        host.Publish(Scene.RedVrf, "10.1.0.3/32");
        scene.Run();
    }
}
