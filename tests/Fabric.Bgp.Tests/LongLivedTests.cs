using System.Buffers;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Bgp.Tests;

/// <summary>RFC 9494. The neighbour asks for 60 seconds of restart and an hour of long-lived staleness for vpnv4; half an hour is our limit.</summary>
public sealed class LongLivedTests
{
    private static readonly PeerTimer LongLivedTimer = new(PeerTimerKind.LongLivedStale, Family: AddressFamily.Vpnv4);

    private readonly PeerUnderTest _test = new(
        PeerUnderTest.Options with
        {
            GracefulRestart = new() { LongLived = new() { MaxPeerStale = TimeSpan.FromMinutes(30) } },
        }
    );

    [TestCase(3600u, 1800, TestName = "A_peer_keeps_its_long_lived_routes_no_longer_than_our_limit")]
    [TestCase(600u, 600, TestName = "A_peer_keeps_its_long_lived_routes_no_longer_than_it_asks")]
    public void After_the_restart_time_routes_become_long_lived_stale_and_then_expire(uint asked, int seconds)
    {
        Lose(_test.Establish(Open(asked)));
        Assert.That(_test.TakeLog(), Does.Contain("down, stale: vpnv4"));
        Assert.That(_test.Timers.Keys, Does.Not.Contain(LongLivedTimer));

        _test.Fire(PeerTimerKind.Restart);

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "long-lived: vpnv4" }));
        Assert.That(_test.Timers[LongLivedTimer], Is.EqualTo(TimeSpan.FromSeconds(seconds)));
        Assert.That(_test.Peer.HasStaleRoutes, Is.True);

        _test.Fire(PeerTimerKind.LongLivedStale, family: AddressFamily.Vpnv4);

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "stale expired: vpnv4" }));
        Assert.That(_test.Peer.HasStaleRoutes, Is.False);
    }

    [Test]
    public void A_long_lived_stale_time_of_zero_is_none()
    {
        Lose(_test.Establish(Open(0)));
        _test.TakeLog();

        _test.Fire(PeerTimerKind.Restart);

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "stale expired: vpnv4" }));
    }

    [Test]
    public void A_family_without_graceful_restart_is_long_lived_stale_at_once()
    {
        var longLived = new LongLivedGracefulRestartCapability([new(AddressFamily.RouteTargetMembership, true, 600)]);
        Lose(_test.Establish(With(PeerUnderTest.NeighborOpen(), longLived)));

        Assert.That(_test.TakeLog()[1..3], Is.EqualTo(new[] { "down, stale: vpnv4 rtc", "long-lived: rtc" }));
        Assert.That(_test.Timers.Keys, Does.Contain(new PeerTimer(PeerTimerKind.Restart)));
    }

    [Test]
    public void Long_lived_stale_routes_of_a_returned_peer_wait_for_End_of_RIB_and_the_rest_of_their_time()
    {
        Lose(_test.Establish(Open(600)));
        _test.Fire(PeerTimerKind.Restart);
        var id = Return(Open(600));
        Assert.That(_test.TakeLog()[^1], Is.EqualTo("established"));
        Assert.That(_test.Timers.Keys, Does.Contain(LongLivedTimer).And.Not.Contain(new PeerTimer(PeerTimerKind.EndOfRib)));

        var endOfRib = new ArrayBufferWriter<byte>();
        UpdatePacker.EndOfRib(AddressFamily.Vpnv4, endOfRib);
        _test.Receive(id, endOfRib.WrittenSpan);

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "end of rib vpnv4", "stale expired: vpnv4" }));
        Assert.That(_test.Timers.Keys, Does.Not.Contain(LongLivedTimer));
    }

    [Test]
    public void The_rest_of_the_long_lived_stale_time_ends_also_after_the_return()
    {
        Lose(_test.Establish(Open(600)));
        _test.Fire(PeerTimerKind.Restart);
        Return(Open(600));
        _test.TakeLog();

        _test.Fire(PeerTimerKind.LongLivedStale, family: AddressFamily.Vpnv4);

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "stale expired: vpnv4" }));
    }

    // Section 4.2: the routes stay over consecutive restarts, and the time that runs is not set again.
    [Test]
    public void A_peer_that_is_lost_again_before_End_of_RIB_keeps_its_long_lived_routes_for_the_time_that_runs()
    {
        Lose(_test.Establish(Open(600)));
        _test.Fire(PeerTimerKind.Restart);
        var id = Return(Open(900));
        _test.TakeLog();

        Lose(id);
        _test.Fire(PeerTimerKind.Restart);

        Assert.That(_test.Log, Does.Contain("down, stale: vpnv4").And.Contain("long-lived: vpnv4"));
        Assert.That(_test.Log, Has.None.StartsWith("stale expired"));
        Assert.That(_test.Timers[LongLivedTimer], Is.EqualTo(TimeSpan.FromSeconds(600)));
    }

    [Test]
    public void A_peer_that_did_not_keep_forwarding_for_so_long_loses_its_routes_when_it_returns()
    {
        Lose(_test.Establish(Open(600)));
        _test.Fire(PeerTimerKind.Restart);

        Return(Open(600, forwarding: false));

        Assert.That(_test.TakeLog()[^2..], Is.EqualTo(new[] { "stale expired: vpnv4", "established" }));
    }

    [Test]
    public void A_stopped_peer_has_no_long_lived_routes()
    {
        Lose(_test.Establish(Open(600)));
        _test.Fire(PeerTimerKind.Restart);
        _test.TakeLog();

        _test.Do(new PeerEvent.Stop());

        Assert.That(_test.TakeLog(), Does.Contain("stale expired: vpnv4"));
        Assert.That(_test.Timers, Is.Empty);
    }

    [Test]
    public void A_family_can_have_a_long_lived_stale_time_of_its_own()
    {
        var test = new PeerUnderTest(
            PeerUnderTest.Options with
            {
                GracefulRestart = new()
                {
                    LongLived = new() { StaleSeconds = 600, FamilyStaleSeconds = [(AddressFamily.Vpnv4, 7)] },
                },
            }
        );
        test.Establish();

        var open = test.SentMessages[0];

        // Code 71, then AFI, SAFI, flags (forwarding preserved) and 24 bits of seconds for each family (RFC 9494 section 3.1).
        Assert.That(Convert.ToHexString(open), Does.Contain("470E" + "00018080000007" + "00018480000258"));
    }

    private static OpenMessage Open(uint staleSeconds, bool forwarding = true) =>
        With(
            PeerUnderTest.NeighborOpen(restarted: true),
            new LongLivedGracefulRestartCapability([new(AddressFamily.Vpnv4, forwarding, staleSeconds)])
        );

    private static OpenMessage With(OpenMessage open, Capability capability) =>
        open with
        {
            Capabilities = [.. open.Capabilities, capability],
        };

    private void Lose(int id) => _test.Do(new PeerEvent.ConnectionClosed(id, "connection reset"));

    private int Return(OpenMessage open)
    {
        var id = _test.Accept();
        _test.Receive(id, open);
        _test.ReceiveKeepalive(id);
        return id;
    }
}
