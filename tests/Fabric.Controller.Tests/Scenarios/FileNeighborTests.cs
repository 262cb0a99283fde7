using Fabric.Analytics;
using Fabric.Bgp;
using Fabric.Config;
using Fabric.Controller.Options;
using Fabric.Hosting.Configuration;
using Fabric.Intent;
using Fabric.Model.Config;
using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Streaming;
using Fabric.Streaming.Kafka;

namespace Fabric.Controller.Tests.Scenarios;

/// <summary>Neighbours that the options file names: at the start, when the file is read again, and in the API.</summary>
public sealed class FileNeighborTests
{
    private static readonly RouteTarget s_target = RouteTarget.Parse("target:64512:1");
    private static readonly BgpNeighborIntent s_first = Neighbor("gw1", 21);
    private static readonly BgpNeighborIntent s_second = Neighbor("gw2", 22);

    [Test]
    public void A_file_alone_makes_a_session()
    {
        var scene = Scene.Of(s_first);

        Assert.That(scene.Gateway("gw1", 21).Connected().Peer.State, Is.EqualTo(SessionState.Established));
    }

    [Test]
    public void A_neighbour_that_did_not_change_is_left_alone_by_a_reload()
    {
        var scene = Scene.Of(s_first, s_second);
        var gateway = scene.Gateway("gw1", 21).Connected();
        gateway.Take();

        var refusals = Reload(scene, s_first with { Description = "rack 7" }, Settings(s_second, s => s with { HoldTime = 30 }));

        Assert.That((refusals, gateway.Take()), Is.EqualTo((Array.Empty<string>(), Array.Empty<string>())));
        Assert.That(scene.Node.Speaker.Neighbors.First().Intent.Description, Is.EqualTo("rack 7"));
    }

    /// <summary>RFC 4486 section 4.</summary>
    [Test]
    public void A_neighbour_whose_timers_change_hears_of_a_configuration_change_and_comes_back()
    {
        var scene = Scene.Of(s_first);
        var gateway = scene.Gateway("gw1", 21).Connected();

        Reload(scene, Settings(s_first, settings => settings with { HoldTime = 30 }));
        scene.Run(30);

        Assert.That(gateway.Heard, Has.Some.Contains("configuration change").IgnoreCase);
        Assert.That(gateway.Peer.Negotiation!.HoldTime, Is.EqualTo(TimeSpan.FromSeconds(30)));
    }

    /// <summary>RFC 8538 section 4: neither end has to forget what the other said, since the session comes back.</summary>
    [Test]
    public void Routes_of_a_neighbour_whose_timers_change_are_kept_until_it_has_said_all_again()
    {
        var scene = Scene.Of(s_first);
        var gateway = scene.Gateway("gw1", 21).Connected();
        gateway.Announce(s_target, "203.0.113.0/25", "203.0.113.128/25");
        scene.Run();

        Reload(scene, Settings(s_first, settings => settings with { HoldTime = 30 }));
        Assert.That(gateway.Peer.State, Is.Not.EqualTo(SessionState.Established));
        Assert.That(scene.Node.Routes.Core.VpnRoutes.Count(), Is.EqualTo(2));

        scene.Run(30);
        gateway.Announce(s_target, "203.0.113.0/25");
        gateway.SayEndOfRib(AddressFamily.Vpnv4);
        scene.Run();
        Assert.That(scene.Node.Routes.Core.VpnRoutes.Single().Key.Prefix, Is.EqualTo(IpPrefix.Parse("203.0.113.0/25")));
    }

    /// <summary>What is no longer configured, or is another speaker, is not waited for.</summary>
    [TestCase("a family less")]
    [TestCase("another AS")]
    [TestCase("another address")]
    public void Routes_of_a_neighbour_that_is_no_longer_the_same_go_at_once(string change)
    {
        var former = Settings(s_first, settings => settings with { Families = [AddressFamily.Vpnv4, AddressFamily.Vpnv6] });
        var scene = Scene.Of(former);
        var gateway = scene.Gateway("gw1", 21, AddressFamily.Vpnv4, AddressFamily.Vpnv6).Connected();
        gateway.Announce(s_target, "203.0.113.0/25");
        scene.Run();

        Reload(
            scene,
            change switch
            {
                "a family less" => Settings(former, settings => settings with { Families = [AddressFamily.Vpnv6] }),
                "another AS" => Settings(former, settings => settings with { AsNumber = new AsNumber(64513) }),
                _ => former with { Address = IpAddress.Parse("192.0.2.29") },
            }
        );

        Assert.That(scene.Node.Routes.Core.VpnRoutes, Is.Empty);
    }

    /// <summary>RFC 4486 section 4.</summary>
    [Test]
    public void A_neighbour_that_leaves_the_file_hears_that_it_is_deconfigured()
    {
        var scene = Scene.Of(s_first, s_second);
        var gateway = scene.Gateway("gw1", 21).Connected();

        Reload(scene, s_second);

        Assert.That(gateway.Heard[^1], Does.Contain("configured").IgnoreCase);
        Assert.That(scene.Node.Speaker.Neighbors.Select(neighbor => neighbor.Intent.Name), Is.EqualTo(new[] { "gw2" }));
    }

    [Test]
    public void A_neighbour_that_the_file_gains_can_connect()
    {
        var scene = Scene.Of(s_first);

        Reload(scene, s_first, s_second);

        Assert.That(scene.Gateway("gw2", 22).Connected().Heard, Does.Contain("up"));
    }

    /// <summary>A supervisor may send SIGHUP as soon as the process is there.</summary>
    [Test]
    public async Task A_file_that_is_read_again_before_the_ports_are_bound_is_taken_after_that()
    {
        var scene = new Scene();
        var range = new DynamicNeighborOptions(IpPrefix.Parse("192.0.2.0/24"), s_first.Settings);
        Task<IReadOnlyList<string>>? reload = null;

        scene.Restart(options => options, node => reload = node.ReloadAsync(scene.Options with { DynamicNeighbors = [range] }));
        scene.Run();

        Assert.That(await reload!.WaitAsync(TimeSpan.FromSeconds(30)), Is.Empty);
        scene.Gateway("gw", 21).Connected();
    }

    [Test]
    public void A_dynamic_prefix_that_goes_takes_its_neighbours_along()
    {
        var range = new DynamicNeighborOptions(IpPrefix.Parse("192.0.2.0/24"), s_first.Settings);
        var scene = new Scene(dynamicNeighbors: [range]);
        var gateway = scene.Gateway("gw1", 21).Connected();
        scene.Reload(scene.Options with { DynamicNeighbors = [range with { Limit = 7 }] });
        Assert.That(gateway.Peer.State, Is.EqualTo(SessionState.Established));

        scene.Reload(scene.Options with { DynamicNeighbors = [] });

        Assert.That(gateway.Peer.State, Is.Not.EqualTo(SessionState.Established));
        Assert.That(scene.Node.Speaker.Neighbors, Is.Empty);
    }

    [Test]
    public void What_needs_a_restart_is_refused_in_words_and_nothing_is_changed()
    {
        var scene = Scene.Of(s_first);

        var refusals = scene.Reload(scene.Options with { As = new AsNumber(65000), BgpPort = 1179, Neighbors = [] });

        Assert.That(
            refusals,
            Is.EqualTo(
                new[]
                {
                    "key 'as': a change from '64512' to '65000' takes a restart of the process",
                    "key 'bgp-port': a change from '179' to '1179' takes a restart of the process",
                }
            )
        );
        Assert.That(scene.Node.Speaker.Neighbors.Count(), Is.EqualTo(1));
    }

    [TestCase("bmp: { statistics-interval: 9, stations: [{ name: a, address: 192.0.2.50 }] }", "bmp")]
    [TestCase("mrt: { folder: /mrt }", "mrt")]
    [TestCase("tls: { certificate: /a, key: /b, authority: /c }", "tls")]
    public void A_changed_section_is_refused_by_its_name(string section, string key)
    {
        var scene = new Scene();
        var file = ControlFile.Read(section);

        Assert.That(
            scene.Reload(scene.Options with { Bmp = file.Bmp, Mrt = file.Mrt, Tls = file.Tls }),
            Is.EqualTo(new[] { $"key '{key}': a change takes a restart of the process" })
        );
    }

    [Test]
    public void A_changed_section_of_the_stream_is_refused_by_its_keys_without_their_values()
    {
        var stream = new StreamOptions
        {
            Node = "control1",
            Kind = SourceKind.ControlNode,
            Folder = "/state/stream",
            Kafka = new KafkaOptions
            {
                Servers = ["k:1"],
                Settings = new Dictionary<string, string> { ["sasl.password"] = "old-secret" },
            },
        };
        var scene = new Scene();
        scene.Restart(options => options with { Stream = stream });
        scene.Run();
        var same = stream with { Kafka = stream.Kafka with { Settings = new Dictionary<string, string>(stream.Kafka.Settings) } };
        var other = same with
        {
            Routes = PublishedRoutes.Off,
            Kafka = same.Kafka with { Settings = new Dictionary<string, string> { ["sasl.password"] = "new-secret" } },
        };

        Assert.That(scene.Reload(scene.Options with { Stream = same }), Is.Empty);
        Assert.That(
            scene.Reload(scene.Options with { Stream = other }),
            Is.EqualTo(
                new[]
                {
                    "key 'stream.routes': a change takes a restart of the process",
                    "key 'stream.kafka.settings': a change takes a restart of the process",
                }
            )
        );
    }

    [Test]
    public void The_API_shows_neighbours_of_the_file_with_their_origin()
    {
        var scene = Scene.Of(s_second);
        scene.Apply(Scene.Router("gw1", 21));

        var listing = scene.Node.ConfigApi.ListAsync(ConfigKind.BgpRouter);
        scene.Run();

        Assert.That(
            listing.Result.Objects.Select(item => (item.Value.Name, ((BgpRouter)item.Value).Origin)),
            Is.EqualTo(new[] { ("gw1", (string?)null), ("gw2", "file") })
        );
    }

    [TestCase("gw1", 30, "$.name")]
    [TestCase("gw9", 21, "$.address")]
    public void An_object_that_is_at_odds_with_the_file_is_refused(string name, int last, string path)
    {
        var scene = Scene.Of(s_first);

        var result = scene.Try(ConfigEdit.Put(Scene.Router(name, last), "$"));

        Assert.That((result.Outcome, result.Errors.Single().Path), Is.EqualTo((ApplyOutcome.Conflict, path)));
        Assert.That(result.Errors.Single().NextStep, Does.Contain("SIGHUP"));
    }

    [Test]
    public void An_object_names_policies_that_the_file_has_and_those_stay_in_it()
    {
        const string policies = "policies: { one: [{ match: { prefixes: 203.0.113.0/24 }, then: reject }] }";
        var scene = Scene.Of(s_first);
        var router = Scene.Router("gw9", 29) with { ImportPolicy = ["one"] };
        var refused = scene.Try(ConfigEdit.Put(router, "$"));
        Assert.That((refused.Outcome, refused.Errors.Single().Path), Is.EqualTo((ApplyOutcome.Conflict, "$.import-policy")));

        scene.Reload(policies);
        scene.Apply([.. Scene.TwoNetworks, router]);
        scene.Gateway("gw9", 29).Connected().Announce(scene.TargetOf("red"), "203.0.113.0/24", "198.51.100.0/24");
        scene.Run();
        var counts = scene.Node.Routes.Core.CountsOf(scene.Node.Speaker.Neighbors.Single().Id!.Value, AddressFamily.Vpnv4);
        Assert.That(counts, Is.EqualTo(new PrefixCounts(Received: 2, Accepted: 1)));

        Assert.That(
            scene.Reload(scene.Options with { Neighbors = [], Policies = [] }),
            Is.EqualTo(new[] { "policy 'one' is not there, and bgp-router gw9 of the API names it as import-policy" })
        );
    }

    [Test]
    public void A_neighbour_of_the_file_cannot_be_deleted()
    {
        var scene = Scene.Of(s_first);

        Assert.That(scene.Try(ConfigEdit.Delete(Scene.Router("gw1", 21).Key)).Outcome, Is.EqualTo(ApplyOutcome.Conflict));
    }

    [Test]
    public void An_object_cannot_claim_to_be_of_the_file()
    {
        var result = Scene.Of(s_first).Try(ConfigEdit.Put(Scene.Router("gw9", 29) with { Origin = "file" }));

        Assert.That(result.Outcome, Is.EqualTo(ApplyOutcome.Invalid));
    }

    [TestCase("gw1", 30, "neighbour 'gw1': the API has bgp-router gw1; delete one of them")]
    [TestCase("gw9", 21, "neighbour 'gw9': 192.0.2.21 is the address of bgp-router gw1 of the API; delete one of them")]
    public void A_file_that_is_at_odds_with_an_object_is_refused_and_changes_nothing(string name, int last, string reason)
    {
        var scene = Scene.Of(s_second);
        scene.Apply(Scene.Router("gw1", 21));

        var refusals = Reload(scene, Neighbor(name, last));

        Assert.That(refusals, Is.EqualTo(new[] { reason }));
        Assert.That(scene.Node.Speaker.Neighbors.Select(neighbor => neighbor.Intent.Name), Is.EqualTo(new[] { "gw1", "gw2" }));
        Assert.That(
            () => scene.Restart(options => options with { Neighbors = [Neighbor(name, last)] }),
            Throws.TypeOf<OptionsException>().With.Message.EqualTo(reason)
        );
    }

    private static IReadOnlyList<string> Reload(Scene scene, params BgpNeighborIntent[] neighbors) =>
        scene.Reload(scene.Options with { Neighbors = [.. neighbors] });

    private static BgpNeighborIntent Settings(BgpNeighborIntent neighbor, Func<BgpNeighborSettings, BgpNeighborSettings> change) =>
        neighbor with
        {
            Settings = change(neighbor.Settings),
        };

    private static BgpNeighborIntent Neighbor(string name, int last) =>
        new(
            name,
            IpAddress.Parse($"192.0.2.{last}"),
            new BgpNeighborSettings
            {
                AsNumber = new AsNumber(64512),
                LocalAsNumber = new AsNumber(64512),
                Families = [AddressFamily.Vpnv4],
                Passive = true,
            }
        );
}
