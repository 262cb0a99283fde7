namespace Fabric.Routing.Tests;

/// <summary>An agent is in a VRF when it has asked for it and is admitted, in either order.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class AdmissionTests
{
    private readonly Fixture _fixture = new();

    [Test]
    public void An_agent_that_is_not_admitted_hears_nothing_and_is_not_heard()
    {
        _fixture.Vrf("red", "1");
        var (a, b, gateway) = (_fixture.Agent("a"), _fixture.Agent("b"), _fixture.Internal("gateway"));
        _fixture.Core.Subscribe(a, "red");
        _fixture.Publish(a, "red", "10.1.0.5/32", "198.51.100.1");

        Assert.That(_fixture.Core.Subscribe(b, "red", isAdmitted: false), Is.EqualTo(SubscribeOutcome.Waiting));
        _fixture.Publish(b, "red", "10.1.0.6/32", "198.51.100.2");
        _fixture.Drain();

        Assert.That(_fixture.Held["a"].Concat(_fixture.Held["b"]), Is.Empty);
        Assert.That(_fixture.Held["gateway"].Keys, Is.EqualTo(["198.51.100.1:1:10.1.0.5/32"]));
        Assert.That(_fixture.Core.VrfRoute("red", Fixture.Prefix("10.1.0.6/32"))!.Paths[0].Reason, Is.EqualTo(RejectReason.NoPort));
    }

    /// <summary>A host that was taken over may ask for ten thousand of them.</summary>
    [Test]
    public void A_vrf_that_an_agent_only_asks_for_has_no_table_and_can_be_asked_about()
    {
        var agent = _fixture.Agent("a");
        var before = _fixture.Core.Counters.MemoryBytes;

        _fixture.Core.Subscribe(agent, "nowhere", isAdmitted: false);

        Assert.That(_fixture.Core.Counters.MemoryBytes, Is.EqualTo(before));
        Assert.That(_fixture.Core.Vrfs.Single(), Is.EqualTo(new VrfView("nowhere", null, Routes: 0, Subscriptions: 1)));
        Assert.That(_fixture.Core.VrfListing("nowhere", null, 1)!.Routes.Concat(_fixture.Core.VrfRoutes("nowhere")), Is.Empty);
        Assert.That(_fixture.Core.HasAdvertised(agent, "nowhere", Fixture.Prefix("10.1.0.5/32")), Is.False);
        Assert.That(_fixture.Core.Unsubscribe(agent, "nowhere"), Is.True);
        Assert.That(_fixture.Core.Vrfs, Is.Empty);
    }

    [Test]
    public void What_an_agent_said_while_it_waited_counts_when_it_is_admitted()
    {
        _fixture.Vrf("red", "1");
        var (a, b) = (_fixture.Agent("a"), _fixture.Agent("b"));
        _fixture.Core.Subscribe(a, "red");
        _fixture.Publish(a, "red", "10.1.0.5/32", "198.51.100.1");
        _fixture.Core.Subscribe(b, "red", isAdmitted: false);
        _fixture.Publish(b, "red", "10.1.0.6/32", "198.51.100.2");
        _fixture.Drain();

        _fixture.Core.Admit(b, "red");
        _fixture.Drain();

        Assert.That(_fixture.Held["a"].Keys, Is.EqualTo(["red|10.1.0.6/32"]));
        Assert.That(_fixture.Held["b"].Keys, Is.EqualTo(["red|10.1.0.5/32"]));
    }

    [Test]
    public void An_agent_that_is_suspended_is_told_the_end_of_all_that_it_holds()
    {
        _fixture.Vrf("red", "1");
        var (a, b, gateway) = (_fixture.Agent("a"), _fixture.Agent("b"), _fixture.Internal("gateway"));
        _fixture.Core.Subscribe(a, "red");
        _fixture.Core.Subscribe(b, "red");
        _fixture.Publish(a, "red", "10.1.0.5/32", "198.51.100.1");
        _fixture.Publish(b, "red", "10.1.0.6/32", "198.51.100.2");
        _fixture.Drain();

        _fixture.Core.Suspend(b, "red");
        _fixture.Publish(a, "red", "10.1.0.7/32", "198.51.100.1");
        _fixture.Drain();

        Assert.That(_fixture.Held["a"].Concat(_fixture.Held["b"]), Is.Empty);
        Assert.That(_fixture.Held["gateway"], Has.Count.EqualTo(2));
    }

    [Test]
    public void Routes_kept_of_an_agent_that_is_away_count_only_while_it_is_admitted()
    {
        _fixture.Vrf("red", "1");
        var (a, b) = (_fixture.Agent("a"), _fixture.Agent("b"));
        _fixture.Core.Subscribe(a, "red");
        _fixture.Core.Subscribe(b, "red");
        _fixture.Publish(a, "red", "10.1.0.5/32", "198.51.100.1");
        _fixture.Core.MarkStale(a, Fabric.Primitives.AddressFamily.Ipv4Unicast);
        Assert.That(_fixture.Drain().Held["b"], Has.Count.EqualTo(1));

        _fixture.Core.Suspend(a, "red");
        Assert.That(_fixture.Drain().Held["b"], Is.Empty);

        _fixture.Core.Admit(a, "red");
        Assert.That(_fixture.Drain().Held["b"], Has.Count.EqualTo(1));
        Assert.That(_fixture.Core.VrfRoute("red", Fixture.Prefix("10.1.0.5/32"))!.Paths[0].IsStale, Is.True);
    }

    [Test]
    public void Speakers_are_asked_for_the_routes_of_a_VRF_only_for_an_agent_that_is_admitted()
    {
        _fixture.Vrf("red", "1");
        var a = _fixture.Agent("a");
        _fixture.Internal("gateway", rtc: true);
        _fixture.Core.Subscribe(a, "red", isAdmitted: false);
        Assert.That(_fixture.Drain().Held["gateway"], Is.Empty);

        _fixture.Core.Admit(a, "red");
        Assert.That(_fixture.Drain().Held["gateway"].Keys, Is.EqualTo(["64512:target:64512:1/96"]));

        _fixture.Core.Suspend(a, "red");
        Assert.That(_fixture.Drain().Held["gateway"], Is.Empty);
    }

    [Test]
    public void A_VRF_for_which_agents_only_wait_goes_with_the_last_of_them()
    {
        var a = _fixture.Agent("a");
        _fixture.Core.Subscribe(a, "red", isAdmitted: false);
        _fixture.Publish(a, "red", "10.1.0.6/32", "198.51.100.2");

        _fixture.Core.Unsubscribe(a, "red");

        Assert.That(_fixture.Core.Vrfs, Is.Empty);
        Assert.That(_fixture.Core.Counters.Paths, Is.Zero);
    }
}
