using Fabric.Bgp;

namespace Fabric.Controller.Tests.Scenarios;

/// <summary>What a changed key of the options file does to a session that is up: the table of docs/configuration.md.</summary>
public sealed class ReloadTests
{
    private const string Policies = "policies: { one: [{ then: accept }], two: [{ then: reject }] }\n";

    [TestCase("import-policy: one")]
    [TestCase("export-policy: [one, two]")]
    [TestCase("next-hop: unchanged")]
    [TestCase("tunnel-encapsulation: remove")]
    [TestCase("send-communities: [extended]")]
    [TestCase("graceful-shutdown: { announce: true }")]
    [TestCase("allow-own-as: 1")]
    [TestCase("max-as-path: 9")]
    [TestCase("requires-policy: true")]
    [TestCase("route-reflector-client: true")]
    [TestCase("max-prefixes: { vpnv4: { limit: 9 } }")]
    [TestCase("max-prefixes-restart: 9")]
    [TestCase("membership-wait: { quiet: 9 }")]
    [TestCase("graceful-restart: { helper-limit: 9 }")]
    [TestCase("connect-retry: 9")]
    [TestCase("shutdown-message: until noon")]
    [TestCase("description: gateway of row 1")]
    public void Rules_for_routes_limits_and_words_leave_the_session_alone(string keys)
    {
        var (scene, gateway) = Start();

        scene.Reload(File(keys));
        scene.Run(10);

        Assert.That(gateway.Heard, Has.None.StartsWith("down"));
        Assert.That(scene.Node.Speaker.Neighbors.Single().Peer.State, Is.EqualTo(SessionState.Established));
    }

    /// <summary>RFC 4486 section 4: Other Configuration Change.</summary>
    [TestCase("families: [vpnv4, vpnv6]")]
    [TestCase("hold-time: 30")]
    [TestCase("min-hold-time: 9")]
    [TestCase("local-as: { number: 64512, no-prepend: true }")]
    [TestCase("role: peer")]
    [TestCase("extended-next-hops: [ipv4]")]
    [TestCase("graceful-restart: { time: 9 }")]
    [TestCase("graceful-restart: { long-lived: {} }")]
    [TestCase("password: secret")]
    [TestCase("ttl-security: 1")]
    [TestCase("port: 1179")]
    public void What_the_OPEN_said_or_the_connection_hangs_on_begins_a_new_session(string keys)
    {
        var (scene, gateway) = Start();

        scene.Reload(File(keys));
        scene.Run(10);

        Assert.That(gateway.Heard[0], Does.Contain("configuration change").IgnoreCase);
        Assert.That(gateway.Heard, Has.Some.EqualTo("up"));
    }

    [Test]
    public void A_policy_that_changes_under_its_name_leaves_the_session_alone_and_holds_for_what_comes()
    {
        var (scene, gateway) = Start("import-policy: one");

        scene.Reload(File("import-policy: one").Replace("one: [{ then: accept }]", "one: [{ then: reject }]", StringComparison.Ordinal));
        gateway.Announce(scene.TargetOf("red"), "203.0.113.0/24");
        scene.Run();

        Assert.That(gateway.Heard, Has.None.StartsWith("down"));
        Assert.That(scene.Routes("red").Routes, Is.Empty);
    }

    [Test]
    public void A_policy_can_go_with_the_neighbours_that_named_it()
    {
        var (scene, gateway) = Start("import-policy: one");

        scene.Reload("neighbors: [{ name: gw, address: 192.0.2.21, passive: true, families: [vpnv4] }]\n");

        Assert.That(gateway.Heard, Has.None.StartsWith("down"));
    }

    private static (Scene Scene, GatewayPlayer Gateway) Start(string keys = "description: gateway")
    {
        var scene = Scene.OfFile(File(keys));
        var gateway = scene.Gateway("gw", 21).Connected();
        scene.Run();
        gateway.Take();
        return (scene, gateway);
    }

    private static string File(string keys) =>
        $"neighbors: [{{ name: gw, address: 192.0.2.21, passive: true, families: [vpnv4], {keys} }}]\n{Policies}".Replace(
            "families: [vpnv4], families",
            "families",
            StringComparison.Ordinal
        );
}
