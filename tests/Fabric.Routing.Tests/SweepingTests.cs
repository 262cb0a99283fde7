namespace Fabric.Routing.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SweepingTests
{
    private const string Rd = "64512:9";
    private readonly Fixture _fixture = new(clusterId: 7);

    [Test]
    public void Routes_whose_end_was_told_leave_the_table_so_many_at_a_time()
    {
        var (p, _) = Pair();
        AdvertiseAll(p, 0, 50);
        _fixture.Drain();
        WithdrawAll(p, 0, 50);

        _fixture.Drain(maxSwept: 20);
        Assert.That((_fixture.Core.HasUnused, _fixture.Core.Counters.VpnRoutes), Is.EqualTo((true, 30)));
        Assert.That(_fixture.Core.VpnRoutes, Is.Empty, "nobody sees them");

        _fixture.Drain(maxSwept: 30);
        Assert.That((_fixture.Core.HasUnused, _fixture.Core.Counters.VpnRoutes), Is.EqualTo((false, 0)));
    }

    [Test]
    public void Without_receivers_a_withdrawn_route_is_swept_too()
    {
        var p = _fixture.Internal("p", client: true);
        AdvertiseAll(p, 0, 1);
        _fixture.Drain();
        WithdrawAll(p, 0, 1);

        Assert.That((_fixture.Core.HasUpdates, _fixture.Core.HasUnused), Is.EqualTo((false, true)));
        _fixture.Drain();
        Assert.That(_fixture.Core.Counters.VpnRoutes, Is.Zero);
    }

    [Test]
    public void A_route_that_comes_back_before_it_is_swept_stays_and_is_told()
    {
        var (p, _) = Pair();
        AdvertiseAll(p, 0, 2);
        _fixture.Drain();
        WithdrawAll(p, 0, 2);
        _fixture.Drain(maxSwept: 0);

        AdvertiseAll(p, 0, 1);
        _fixture.Drain();

        Assert.That(_fixture.Held["q"].Keys, Is.EqualTo(new[] { $"{Rd}:{PrefixOf(0)}" }));
        Assert.That(_fixture.Core.Counters.VpnRoutes, Is.EqualTo(1));
        Assert.That(_fixture.Core.HasUnused, Is.False);
    }

    // While there is always something to tell, nothing is swept: what waits for it is at most each route once.
    [Test]
    public void Routes_that_come_and_go_while_nothing_is_swept_wait_once_each()
    {
        var (p, _) = Pair();
        for (var round = 0; round < 1000; round++)
        {
            AdvertiseAll(p, 0, 3);
            _fixture.Drain(maxUpdates: 1000, maxSwept: 0);
            WithdrawAll(p, 0, 3);
            _fixture.Drain(maxUpdates: 1000, maxSwept: 0);
        }

        Assert.That((_fixture.Core.HasUnused, _fixture.Core.Counters.VpnRoutes), Is.EqualTo((true, 3)));
        _fixture.Core.Sweep(3);
        Assert.That((_fixture.Core.HasUnused, _fixture.Core.Counters.VpnRoutes), Is.EqualTo((false, 0)));
    }

    [Test]
    public void A_route_whose_end_a_blocked_receiver_has_not_heard_stays_until_it_has()
    {
        var (p, q) = Pair();
        _fixture.Internal("r", client: true);
        AdvertiseAll(p, 0, 1);
        _fixture.Drain();

        _fixture.Core.SetBlocked(q, true);
        WithdrawAll(p, 0, 1);
        _fixture.Drain();
        Assert.That(_fixture.Held["r"], Is.Empty);
        Assert.That((_fixture.Core.Counters.VpnRoutes, _fixture.Core.HasUnused), Is.EqualTo((1, false)));

        _fixture.Core.SetBlocked(q, false);
        _fixture.Drain();
        Assert.That(_fixture.Held["q"], Is.Empty);
        Assert.That(_fixture.Core.Counters.VpnRoutes, Is.Zero);
    }

    [Test]
    public void A_table_that_is_never_swept_reuses_what_is_unused_before_it_grows()
    {
        var (p, _) = Pair();
        for (var round = 0; round < 100; round++)
        {
            AdvertiseAll(p, round * 100, 100);
            _fixture.Drain(maxUpdates: 1000, maxSwept: 0);
            WithdrawAll(p, round * 100, 100);
            _fixture.Drain(maxUpdates: 1000, maxSwept: 0);
        }

        Assert.That(_fixture.Held["q"], Is.Empty);
        Assert.That(_fixture.Core.Counters.VpnRoutes, Is.LessThanOrEqualTo(200));
    }

    [Test]
    public void A_vrf_that_goes_before_its_routes_are_swept_takes_them_along()
    {
        _fixture.Vrf("red", "1");
        var a = _fixture.Agent("a");
        _fixture.Core.Subscribe(a, "red");
        _fixture.Publish(a, "red", "10.1.0.5/32", "198.51.100.1");
        _fixture.Drain();

        _fixture.Core.Withdraw(a, "red", Fixture.Prefix("10.1.0.5/32"));
        _fixture.Core.RemoveVrf("red");
        _fixture.Core.Unsubscribe(a, "red");
        _fixture.Drain();

        Assert.That(
            (_fixture.Core.HasUnused, _fixture.Core.Counters.VrfRoutes, _fixture.Core.Counters.VpnRoutes),
            Is.EqualTo((false, 0, 0))
        );
    }

    private (PeerId Source, PeerId Receiver) Pair() => (_fixture.Internal("p", client: true), _fixture.Internal("q", client: true));

    private void AdvertiseAll(PeerId peer, int first, int count)
    {
        foreach (var number in Enumerable.Range(first, count))
        {
            _fixture.Vpn(peer, Rd, PrefixOf(number), Fixture.Attributes("203.0.113.1", "1"));
        }
    }

    private void WithdrawAll(PeerId peer, int first, int count)
    {
        foreach (var number in Enumerable.Range(first, count))
        {
            _fixture.Withdraw(peer, Rd, PrefixOf(number));
        }
    }

    private static string PrefixOf(int number) => $"10.{number >> 8 & 0xFF}.{number & 0xFF}.1/32";
}
