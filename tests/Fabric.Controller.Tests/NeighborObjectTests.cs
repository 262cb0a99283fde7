using System.Reflection;
using Fabric.Controller.Configuration;
using Fabric.Intent;
using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Controller.Tests;

/// <summary>A neighbour is the same in the options file and as an object: a key that only one of them gets fails here.</summary>
public sealed class NeighborObjectTests
{
    private const string Keys = """
        as: 65001, description: gateway, port: 1179, passive: true, connect-retry: 7, admin-down: true, shutdown-message: until noon,
        families: [ipv4, vpnv4, rtc], add-path: { ipv4: { receive: true, send: 4 }, vpnv4: { send: all } }, extended-next-hops: [ipv4],
        hold-time: 30, min-hold-time: 20, local-as: { number: 64999, no-prepend: true, replace-as: true }, role: customer, role-strict: true,
        route-reflector-client: true, max-prefixes: { vpnv4: { limit: 10, warning: 50 }, ipv4: { limit: 5 } }, max-prefixes-restart: 60,
        graceful-restart: { time: 60, helper-limit: 90, long-lived: { stale-time: 600, helper-limit: 300, families: { rtc: 9 } } },
        membership-wait: { limit: 5, quiet: 2 }, password: open sesame, ttl-security: 3, import-policy: [one, two], export-policy: two,
        requires-policy: true, next-hop: self, as-override: true, allow-own-as: 2, private-as: replace, send-communities: [standard, large],
        tunnel-encapsulation: keep, enforce-first-as: false, max-as-path: 40, graceful-shutdown: { honor: false, announce: true },
        pass-med: true, sender-loop-check: true
        """;

    private static readonly BgpNeighborIntent s_neighbor = ControlFile
        .WithNeighbor(Keys, "policies: { one: [{ then: accept }], two: [{ then: reject }] }\n")
        .Neighbors.Single();

    [Test]
    public void What_the_file_says_is_shown_as_an_object_that_says_the_same()
    {
        var shown = NeighborObject.Of(s_neighbor);
        Assert.That(shown.Password, Is.Null);

        var stored = shown with { Origin = null, Password = new Secret("open sesame") };
        Assert.That(ConfigJson.TryParse(ConfigJson.Format(stored), out var read), Is.True);
        var delta = new IntentGraph().Apply(new ConfigDelta(1, [ConfigChange.Put(read!)]));

        Assert.That(delta.Neighbors.Single(), Is.EqualTo(s_neighbor));
    }

    /// <summary>So that the test above looks at each of them.</summary>
    [Test]
    public void The_neighbour_of_these_tests_says_something_else_than_the_default_for_every_setting()
    {
        var settings = s_neighbor.Settings;
        var otherwise = new BgpNeighborSettings
        {
            AsNumber = settings.LocalAsNumber,
            LocalAsNumber = default,
            Families = [],
        };
        string[] same =
        [
            .. Same(settings, otherwise),
            .. Same(settings.Rules, otherwise.Rules),
            .. Same(settings.Tcp, otherwise.Tcp),
            .. Same(settings.GracefulRestart, otherwise.GracefulRestart),
        ];

        // An object has a router-id, the file none; a TTL stands against TTL security.
        Assert.That(same, Is.EqualTo(new[] { nameof(BgpNeighborSettings.RouterId), nameof(TcpIntent.Ttl) }));
    }

    private static IEnumerable<string> Same<T>(T settings, T otherwise) =>
        typeof(T)
            .GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => Equals(property.GetValue(settings), property.GetValue(otherwise)))
            .Select(property => property.Name);
}
