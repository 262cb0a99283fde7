using System.Buffers;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Bgp.Tests;

/// <summary>RFC 4724 in both roles, RFC 8538. The neighbour keeps vpnv4 over a restart of at most 60 seconds.</summary>
public sealed class GracefulRestartTests
{
    // MP_UNREACH_NLRI of vpnv4 with an NLRI of 32 bits.
    private static readonly byte[] s_malformedVpn =
    [
        .. KeepaliveMessage.Bytes[..16],
        .. (byte[])[0, 36, 2, 0, 0, 0, 13, 0x80, 15, 10, 0, 1, 128, 32, 1, 1, 1, 1, 0, 0],
    ];

    private readonly PeerUnderTest _test = new();

    [Test]
    public void A_lost_connection_leaves_routes_stale_until_End_of_RIB_of_the_returned_peer()
    {
        Lose(_test.Establish());
        Assert.That(_test.TakeLog(), Does.Contain("down, stale: vpnv4"));
        Assert.That(_test.Timers[new(PeerTimerKind.Restart)], Is.EqualTo(TimeSpan.FromSeconds(60)));

        var id = Return(PeerUnderTest.NeighborOpen(restarted: true));
        Assert.That(_test.TakeLog()[^1], Is.EqualTo("established"));
        _test.Receive(id, EndOfRib(AddressFamily.Vpnv4));

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "end of rib vpnv4", "stale expired: vpnv4" }));
        Assert.That(_test.Timers.Keys.Select(t => t.Kind), Is.EquivalentTo(new[] { PeerTimerKind.Hold, PeerTimerKind.Keepalive }));
    }

    [Test]
    public void A_peer_that_does_not_return_in_its_restart_time_loses_its_routes()
    {
        Lose(_test.Establish());
        _test.TakeLog();

        _test.Fire(PeerTimerKind.Restart);

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "stale expired: vpnv4" }));
        Assert.That(_test.Peer.HasStaleRoutes, Is.False);
    }

    [Test]
    public void A_peer_that_did_not_keep_forwarding_loses_its_routes_when_it_returns()
    {
        Lose(_test.Establish());

        Return(PeerUnderTest.NeighborOpen(restarted: true, forwarding: false));

        Assert.That(_test.TakeLog()[^2..], Is.EqualTo(new[] { "stale expired: vpnv4", "established" }));
    }

    [Test]
    public void A_peer_that_sends_no_End_of_RIB_loses_its_stale_routes_after_a_time()
    {
        Lose(_test.Establish());
        Return(PeerUnderTest.NeighborOpen(restarted: true));
        _test.TakeLog();

        _test.Fire(PeerTimerKind.EndOfRib);

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "stale expired: vpnv4" }));
    }

    [Test]
    public void Routes_stale_from_a_former_restart_go_at_the_next()
    {
        Lose(_test.Establish());
        var id = Return(PeerUnderTest.NeighborOpen(restarted: true));
        _test.TakeLog();

        Lose(id);

        Assert.That(_test.TakeLog()[..3], Is.EqualTo(new[] { $"close {id}", "stale expired: vpnv4", "down, stale: vpnv4" }));
    }

    [Test]
    public void An_open_with_the_restart_bit_replaces_a_session_whose_loss_was_not_seen()
    {
        _test.Establish();
        var id = _test.Accept();

        _test.Receive(id, PeerUnderTest.NeighborOpen(restarted: true));
        _test.ReceiveKeepalive(id);

        Assert.That(
            _test.TakeLog(),
            Is.EqualTo(new[] { $"send {id} Open", "close 1", "down, stale: vpnv4", $"send {id} Keepalive", "established" })
        );
    }

    [TestCase(false, "down, stale: ")]
    [TestCase(true, "down, stale: vpnv4")]
    public void A_notification_keeps_routes_only_where_both_support_it(bool support, string down)
    {
        var id = _test.Establish(PeerUnderTest.NeighborOpen(notification: support));

        _test.Receive(id, NotificationMessage.Cease(CeaseSubcode.AdministrativeReset));

        Assert.That(_test.TakeLog(), Does.Contain(down));
    }

    [Test]
    public void A_hard_reset_drops_routes_in_either_direction()
    {
        var id = _test.Establish(PeerUnderTest.NeighborOpen(notification: true));
        _test.Receive(id, NotificationMessage.HardReset(NotificationMessage.Cease(CeaseSubcode.PeerDeconfigured)));
        Assert.That(_test.TakeLog(), Does.Contain("down, stale: "));

        var other = new PeerUnderTest();
        other.Establish(PeerUnderTest.NeighborOpen(notification: true));
        other.Do(new PeerEvent.Stop("bye"));
        Assert.That(other.TakeLog(), Is.EqualTo(new[] { "send 1 Notification 6/9", "close 1", "down, stale: " }));
    }

    [Test]
    public void A_changed_configuration_is_no_hard_reset()
    {
        _test.Establish(PeerUnderTest.NeighborOpen(notification: true));

        _test.Do(new PeerEvent.Stop(Reason: StopReason.OtherConfigurationChange));

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "send 1 Notification 6/6", "close 1", "down, stale: " }));
    }

    [Test]
    public void A_peer_under_other_options_begins_anew_at_once_and_its_routes_are_kept_where_NOTIFICATIONs_keep_them()
    {
        _test.Establish(PeerUnderTest.NeighborOpen(notification: true));

        _test.Peer.Renew(PeerUnderTest.Options with { HoldSeconds = 33 }, _test);

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "send 1 Notification 6/6", "close 1", "down, stale: vpnv4", "open 2" }));
        _test.Do(new PeerEvent.ConnectionOpened(2));
        Assert.That(_test.LastOpen().HoldSeconds, Is.EqualTo(33));
    }

    [Test]
    public void A_peer_that_waits_for_something_begins_anew_under_other_options()
    {
        var id = _test.Establish();
        _test.Receive(id, NotificationMessage.HoldTimerExpired);
        _test.TakeLog();

        _test.Peer.Renew(PeerUnderTest.Options with { HoldSeconds = 33 }, _test);

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "open 2" }));
        Assert.That(_test.Timers.Keys, Is.EqualTo(new[] { new PeerTimer(PeerTimerKind.ConnectRetry) }));
    }

    [Test]
    public void The_restart_bit_is_set_until_all_families_are_complete()
    {
        var test = Restarting();
        Assert.That(LastOpen(test).Restarted, Is.True);
        Assert.That(LastOpen(test).Families[0], Is.EqualTo(new GracefulRestartFamily(AddressFamily.Vpnv4, ForwardingPreserved: true)));
        test.Receive(1, PeerUnderTest.NeighborOpen());
        test.ReceiveKeepalive(1);
        test.TakeLog();

        test.Receive(1, EndOfRib(AddressFamily.Vpnv4));
        Assert.That(test.TakeLog(), Is.EqualTo(new[] { "end of rib vpnv4" }));
        test.Receive(1, EndOfRib(AddressFamily.RouteTargetMembership));
        Assert.That(test.TakeLog(), Is.EqualTo(new[] { "end of rib rtc", "restart completed" }));

        test.Do(new PeerEvent.ConnectionClosed(1, "reset"));
        test.Do(new PeerEvent.ConnectionOpened(2));
        Assert.That(LastOpen(test).Restarted, Is.False);
    }

    /// <summary>RFC 7606 section 2: nothing of the family is heard any more, its End-of-RIB neither.</summary>
    [Test]
    public void A_restart_does_not_wait_for_a_family_that_was_disabled()
    {
        var test = Restarting();
        test.Receive(1, PeerUnderTest.NeighborOpen());
        test.ReceiveKeepalive(1);
        test.Receive(1, EndOfRib(AddressFamily.RouteTargetMembership));
        test.TakeLog();

        test.Receive(1, s_malformedVpn);

        Assert.That(test.TakeLog(), Is.EqualTo(new[] { "fault DisableFamily", "disabled vpnv4", "restart completed" }));
    }

    [Test]
    public void Stale_routes_of_a_family_that_is_disabled_are_not_waited_for()
    {
        Lose(_test.Establish());
        var id = Return(PeerUnderTest.NeighborOpen(restarted: true));
        Assert.That(_test.Peer.HasStaleRoutes, Is.True);

        _test.Receive(id, s_malformedVpn);

        Assert.That(_test.Peer.HasStaleRoutes, Is.False);
        Assert.That(_test.Timers.Keys.Select(t => t.Kind), Is.EquivalentTo(new[] { PeerTimerKind.Hold, PeerTimerKind.Keepalive }));
    }

    [Test]
    public void A_restart_waits_for_the_deferral_time_at_most()
    {
        var test = Restarting();

        test.Fire(PeerTimerKind.SelectionDeferral);

        Assert.That(test.Log[^1], Is.EqualTo("restart completed"));
    }

    [Test]
    public void A_deferral_time_that_changes_meanwhile_begins_anew()
    {
        var test = Restarting();
        var options = test.Peer.Options;

        test.Peer.Reconfigure(
            options with
            {
                GracefulRestart = options.GracefulRestart! with { SelectionDeferral = TimeSpan.FromSeconds(7) },
            },
            test
        );

        Assert.That(test.Timers[new(PeerTimerKind.SelectionDeferral)], Is.EqualTo(TimeSpan.FromSeconds(7)));
    }

    [Test]
    public void A_peer_that_restarts_too_is_not_waited_for()
    {
        var test = Restarting();

        test.Receive(1, PeerUnderTest.NeighborOpen(restarted: true));
        test.ReceiveKeepalive(1);

        Assert.That(test.Log[^2..], Is.EqualTo(new[] { "established", "restart completed" }));
    }

    private static PeerUnderTest Restarting()
    {
        var test = new PeerUnderTest(PeerUnderTest.Options with { IsRestarting = true });
        test.Do(new PeerEvent.Start());
        test.Do(new PeerEvent.ConnectionOpened(1));
        return test;
    }

    private static GracefulRestartCapability LastOpen(PeerUnderTest test) => test.LastOpen().Find<GracefulRestartCapability>()!;

    private void Lose(int id) => _test.Do(new PeerEvent.ConnectionClosed(id, "connection reset"));

    private int Return(OpenMessage open)
    {
        var id = _test.Accept();
        _test.Receive(id, open);
        _test.ReceiveKeepalive(id);
        return id;
    }

    private static byte[] EndOfRib(AddressFamily family)
    {
        var output = new ArrayBufferWriter<byte>();
        UpdatePacker.EndOfRib(family, output);
        return output.WrittenSpan.ToArray();
    }
}
