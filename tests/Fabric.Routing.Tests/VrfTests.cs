namespace Fabric.Routing.Tests;

internal sealed class VrfTests
{
    [Test]
    public void An_agents_route_reaches_its_vrf_the_vpn_table_and_other_agents()
    {
        var fixture = new Fixture();
        fixture.Vrf("red", "1");
        var (a, b, gateway) = (fixture.Agent("a"), fixture.Agent("b"), fixture.Internal("gateway"));
        fixture.Core.Subscribe(a, "red");
        fixture.Core.Subscribe(b, "red");

        fixture.Publish(a, "red", "10.1.0.5/32", "198.51.100.1", 16);
        fixture.Drain();

        Assert.That(fixture.Held["b"]["red|10.1.0.5/32"], Is.EqualTo("198.51.100.1/16"));
        Assert.That(fixture.Held["gateway"]["198.51.100.1:1:10.1.0.5/32"], Is.EqualTo("198.51.100.1/16 lp100 target:64512:1"));
        Assert.That(fixture.Held["a"], Is.Empty, "not back to its source");
    }

    [Test]
    public void A_route_is_imported_where_a_target_is_shared_and_leaves_when_it_is_no_more()
    {
        var fixture = new Fixture();
        fixture.Vrf("red", "1");
        fixture.Vrf("blue", "2");
        var (a, b) = (fixture.Agent("a"), fixture.Agent("b"));
        fixture.Core.Subscribe(a, "red");
        fixture.Core.Subscribe(b, "blue");
        fixture.Publish(a, "red", "10.1.0.5/32", "198.51.100.1");
        Assert.That(fixture.Drain().Held["b"], Is.Empty);

        fixture.Vrf("blue", "2 1", "2");
        Assert.That(fixture.Drain().Held["b"].Keys, Is.EqualTo(["blue|10.1.0.5/32"]));

        fixture.Vrf("blue", "2");
        Assert.That(fixture.Drain().Held["b"], Is.Empty);
        Assert.That(fixture.Core.VrfRoutes("blue"), Is.Empty);
    }

    [Test]
    public void A_changed_export_target_moves_the_route_at_once()
    {
        var fixture = new Fixture();
        fixture.Vrf("red", "1");
        fixture.Vrf("one", "1");
        fixture.Vrf("two", "2");
        fixture.Core.Subscribe(fixture.Agent("a"), "red");
        fixture.Publish(new PeerId(1), "red", "10.1.0.5/32", "198.51.100.1");

        fixture.Vrf("red", "1", "2");

        Assert.That(fixture.Core.VrfRoutes("one"), Is.Empty);
        Assert.That(fixture.Core.VrfRoutes("two").Count(), Is.EqualTo(1));
    }

    [Test]
    public void A_subscription_and_a_route_wait_for_the_vrf()
    {
        var fixture = new Fixture();
        var (a, b, gateway) = (fixture.Agent("a"), fixture.Agent("b"), fixture.Internal("gateway"));
        Assert.That(fixture.Core.Subscribe(a, "red"), Is.EqualTo(SubscribeOutcome.Pending));
        fixture.Core.Subscribe(b, "red");
        fixture.Publish(a, "red", "10.1.0.5/32", "198.51.100.1");
        fixture.Drain();
        Assert.That(fixture.Held["b"].Keys.Concat(fixture.Held["gateway"].Keys), Is.Empty);

        fixture.Vrf("red", "1");
        fixture.Drain();
        Assert.That(fixture.Held["b"], Has.Count.EqualTo(1));
        Assert.That(fixture.Held["gateway"], Has.Count.EqualTo(1));

        fixture.Core.RemoveVrf("red");
        fixture.Drain();
        Assert.That(fixture.Held["b"].Keys.Concat(fixture.Held["gateway"].Keys), Is.Empty);
        Assert.That(fixture.Core.VpnRoutes.Single().Paths[0].Reason, Is.EqualTo(RejectReason.VrfUnknown));
    }

    [Test]
    public void A_route_without_subscription_and_a_second_subscription_are_refused()
    {
        var fixture = new Fixture();
        fixture.Vrf("red", "1");
        var a = fixture.Agent("a");

        Assert.That(fixture.Publish(a, "red", "10.1.0.5/32", "198.51.100.1"), Is.False);
        Assert.That(fixture.Core.Subscribe(a, "red"), Is.EqualTo(SubscribeOutcome.Subscribed));
        Assert.That(fixture.Core.Subscribe(a, "red"), Is.EqualTo(SubscribeOutcome.Duplicate));
        Assert.That(fixture.Core.Unsubscribe(a, "red"), Is.True);
        Assert.That(fixture.Core.Unsubscribe(a, "red"), Is.False);
    }

    [Test]
    public void What_an_agent_holds_of_a_vrf_is_taken_back_when_it_unsubscribes()
    {
        var (fixture, gateway, a) = SubscriberWithRoutes();

        fixture.Core.Unsubscribe(a, "red");
        fixture.Withdraw(gateway, "64512:9", "10.9.0.0/24");

        Assert.That(fixture.Drain().Held["a"], Is.Empty);
    }

    [Test]
    public void An_agent_that_subscribes_again_at_once_loses_what_it_is_not_told_anew()
    {
        // What it said while this node did not read comes in one burst, and what it was told meanwhile reaches it as the new subscription's.
        var (fixture, gateway, a) = SubscriberWithRoutes();
        fixture.Publish(a, "red", "10.8.0.0/24", "198.51.100.1", 16, localPref: 100);

        fixture.Core.Unsubscribe(a, "red");
        fixture.Withdraw(gateway, "64512:9", "10.8.0.0/24");
        fixture.Core.Subscribe(a, "red");
        fixture.Publish(a, "red", "10.8.0.0/24", "198.51.100.1", 18);

        Assert.That(fixture.Drain().Held["a"].Keys, Is.EqualTo(["red|10.9.0.0/24"]), "the other one is its alone now");
    }

    [Test]
    public void A_blocked_agent_is_told_the_end_when_it_reads_again()
    {
        var (fixture, _, a) = SubscriberWithRoutes();
        fixture.Core.SetBlocked(a, true);

        fixture.Core.Unsubscribe(a, "red");
        fixture.Core.RemoveVrf("red");
        Assert.That(fixture.Drain().Held["a"], Has.Count.EqualTo(2));
        fixture.Core.SetBlocked(a, false);

        Assert.That(fixture.Drain().Held["a"], Is.Empty);
    }

    [Test]
    public void An_agent_that_goes_while_it_has_to_be_told_leaves_nothing_behind()
    {
        var (fixture, _, a) = SubscriberWithRoutes();
        fixture.Core.SetBlocked(a, true);
        fixture.Core.Unsubscribe(a, "red");
        fixture.Core.RemoveVrf("red");

        fixture.Core.Remove(a);
        var again = fixture.Agent("a");
        fixture.Vrf("red", "1");
        fixture.Core.Subscribe(again, "red");

        Assert.That(fixture.Drain().Held["a"], Has.Count.EqualTo(2));
    }

    [Test]
    public void An_imported_path_is_not_exported_again()
    {
        var fixture = new Fixture();
        fixture.Vrf("red", "1");
        fixture.Vrf("blue", "1", "2");
        fixture.Vrf("green", "2");
        var gateway = fixture.Internal("gateway");

        fixture.Vpn(gateway, "64512:9", "10.9.0.0/24", Fixture.Attributes("203.0.113.9", "1"));

        Assert.That(fixture.Core.VrfRoutes("blue").Single().Paths[0].ImportedFrom, Is.EqualTo(Fixture.Rd("64512:9")));
        Assert.That(fixture.Core.VrfRoutes("green"), Is.Empty);
        Assert.That(fixture.Core.VpnRoutes.Count(), Is.EqualTo(1));
    }

    [Test]
    public void Equal_paths_reach_agents_in_one_update_and_their_sources_too()
    {
        var fixture = new Fixture();
        fixture.Vrf("red", "1");
        var (a, b, c) = (fixture.Agent("a"), fixture.Agent("b"), fixture.Agent("c"));
        foreach (var agent in new[] { a, b, c })
        {
            fixture.Core.Subscribe(agent, "red");
        }

        fixture.Publish(a, "red", "10.1.0.5/32", "198.51.100.1", 16);
        fixture.Publish(b, "red", "10.1.0.5/32", "198.51.100.2", 17);
        fixture.Drain();
        Assert.That(fixture.Held["c"].Values.Single(), Is.EqualTo("198.51.100.1/16, 198.51.100.2/17"));
        Assert.That(fixture.Held["a"], Is.EqualTo(fixture.Held["c"]));

        fixture.Publish(b, "red", "10.1.0.5/32", "198.51.100.2", 17, localPref: 200);
        fixture.Drain();
        Assert.That(fixture.Held["c"].Values.Single(), Is.EqualTo("198.51.100.2/17 lp200"));
        Assert.That(fixture.Held["b"], Is.Empty, "it is its alone now");
    }

    [Test]
    public void An_agent_hears_of_its_own_route_in_another_vrf_that_imports_it()
    {
        var fixture = new Fixture();
        fixture.Vrf("red", "1");
        fixture.Core.ConfigureVrf(
            new VrfDefinition
            {
                Name = "blue",
                ImportTargets = [Fixture.Target(1), Fixture.Target(2)],
                ExportTargets = [Fixture.Target(2)],
            }
        );
        var agent = fixture.Agent("a");
        fixture.Core.Subscribe(agent, "red");
        fixture.Core.Subscribe(agent, "blue");

        fixture.Publish(agent, "red", "10.1.0.5/32", "198.51.100.1", 16);
        fixture.Drain();

        Assert.That(fixture.Held["a"].Keys, Is.EqualTo(new[] { "blue|10.1.0.5/32" }));
    }

    [Test]
    public void Ipv6_routes_take_the_same_way()
    {
        var fixture = new Fixture();
        fixture.Vrf("red", "1");
        var gateway = fixture.Internal("gateway");
        var a = fixture.Agent("a");
        fixture.Core.Subscribe(a, "red");

        fixture.Vpn(gateway, "64512:9", "2001:db8:9::/48", Fixture.Attributes("203.0.113.9", "1"));
        fixture.Vpn(gateway, "64512:9", "32.1.13.184/32", Fixture.Attributes("203.0.113.9", "1"));

        Assert.That(fixture.Drain().Held["a"].Keys, Is.EquivalentTo(["red|2001:db8:9::/48", "red|32.1.13.184/32"]));
    }

    private static (Fixture Fixture, PeerId Gateway, PeerId Agent) SubscriberWithRoutes()
    {
        var fixture = new Fixture();
        fixture.Vrf("red", "1");
        var (gateway, agent) = (fixture.Internal("gateway"), fixture.Agent("a"));
        fixture.Core.Subscribe(agent, "red");
        fixture.Vpn(gateway, "64512:9", "10.8.0.0/24", Fixture.Attributes("203.0.113.9", "1"));
        fixture.Vpn(gateway, "64512:9", "10.9.0.0/24", Fixture.Attributes("203.0.113.9", "1"));
        fixture.Drain();
        return (fixture, gateway, agent);
    }
}
