using Fabric.Primitives;

namespace Fabric.Bgp.Tests;

/// <summary>RFC 4271 section 6.7, RFC 4486 section 4. The peer may have 1000 vpnv4 prefixes, and there is a warning from 800 on.</summary>
public sealed class PrefixLimitTests
{
    private static readonly BgpPeerOptions Options = PeerUnderTest.Options with
    {
        PrefixLimits = [new PrefixLimit(AddressFamily.Vpnv4, 1000, WarningPercent: 80)],
    };

    private readonly PeerUnderTest _test = new(Options);

    [Test]
    public void Near_the_limit_there_is_one_warning_a_session()
    {
        var id = _test.Establish();
        Count(799);
        Assert.That(_test.Log, Is.Empty);

        Count(800);
        Count(700);
        Count(1000);

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "warning: 800 of 1000 vpnv4" }));
        _test.Do(new PeerEvent.ConnectionClosed(id, "reset"));
        id = _test.Accept();
        _test.Receive(id, PeerUnderTest.NeighborOpen());
        _test.ReceiveKeepalive(id);
        _test.TakeLog();
        Count(900);
        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "warning: 900 of 1000 vpnv4" }));
    }

    [Test]
    public void Above_the_limit_the_session_ends_with_family_and_limit_and_stays_down()
    {
        _test.Establish();

        Count(1001);

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "send 1 Notification 6/1", "close 1", "down, stale: " }));
        Assert.That(Convert.ToHexString(_test.SentMessages[^1].AsSpan(21)), Is.EqualTo("000180000003E8"));
        Assert.That(_test.Peer.LastError, Is.EqualTo("sent cease: maximum number of prefixes reached (vpnv4: 1001, the limit is 1000)"));
        Assert.That((_test.Peer.State, _test.Peer.IsOverPrefixLimit), Is.EqualTo((SessionState.Idle, true)));
        Assert.That(_test.Timers, Is.Empty);
        var id = _test.Accept();
        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { $"close {id}" }));
    }

    [Test]
    public void Another_connection_does_not_bring_it_back()
    {
        _test.Establish();
        var half = _test.Accept();
        _test.TakeLog();

        Count(1001);

        Assert.That(_test.TakeLog(), Does.Contain($"send {half} Notification 6/1").And.Contain($"close {half}"));
        _test.Receive(half, PeerUnderTest.NeighborOpen());
        _test.ReceiveKeepalive(half);
        Assert.That((_test.Peer.State, _test.Peer.IsOverPrefixLimit), Is.EqualTo((SessionState.Idle, true)));
    }

    [Test]
    public void A_peer_that_keeps_routes_over_notifications_hears_a_hard_reset()
    {
        _test.Establish(PeerUnderTest.NeighborOpen(notification: true));

        Count(1001);

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "send 1 Notification 6/9", "close 1", "down, stale: " }));
        Assert.That(Convert.ToHexString(_test.SentMessages[^1].AsSpan(21)), Is.EqualTo("0601000180000003E8"));
    }

    [Test]
    public void With_another_limit_it_comes_back()
    {
        _test.Establish();
        Count(1001);
        _test.TakeLog();

        _test.Peer.Reconfigure(Options with { PrefixLimits = [new PrefixLimit(AddressFamily.Vpnv4, 2000)] }, _test);

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "open 2" }));
        Assert.That(_test.Peer.IsOverPrefixLimit, Is.False);
    }

    [Test]
    public void It_comes_back_after_the_restart_time_where_one_is_configured()
    {
        var test = new PeerUnderTest(Options with { PrefixLimitRestart = TimeSpan.FromMinutes(5) });
        test.Establish();
        test.Peer.PrefixCountChanged(AddressFamily.Vpnv4, 1001, test);
        Assert.That(test.Timers[new(PeerTimerKind.PrefixLimit)], Is.EqualTo(TimeSpan.FromMinutes(5)));
        test.TakeLog();

        test.Fire(PeerTimerKind.PrefixLimit);

        Assert.That(test.TakeLog(), Is.EqualTo(new[] { "open 2" }));
    }

    [Test]
    public void A_restart_time_that_changes_meanwhile_begins_anew_and_ends_when_there_is_none()
    {
        _test.Establish();
        Count(1001);

        _test.Peer.Reconfigure(Options with { PrefixLimitRestart = TimeSpan.FromMinutes(3) }, _test);
        Assert.That(_test.Timers[new(PeerTimerKind.PrefixLimit)], Is.EqualTo(TimeSpan.FromMinutes(3)));
        _test.Peer.Reconfigure(Options, _test);
        Assert.That(_test.Timers, Is.Empty);
        Assert.That(_test.Peer.IsOverPrefixLimit, Is.True);
    }

    [Test]
    public void The_operator_lets_it_come_back_by_a_reset()
    {
        _test.Establish();
        Count(1001);
        _test.TakeLog();

        _test.Do(new PeerEvent.Reset());

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "open 2" }));
        Assert.That(_test.Peer.IsOverPrefixLimit, Is.False);
    }

    private void Count(uint prefixes) => _test.Peer.PrefixCountChanged(AddressFamily.Vpnv4, prefixes, _test);
}
