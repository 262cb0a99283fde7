using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Bgp.Tests;

/// <summary>RFC 4271 section 6.8: of two connections the one stays that the speaker with the higher identifier has opened. Ours is 192.0.2.5.</summary>
public sealed class CollisionTests
{
    private const int Outgoing = 1;
    private const int Incoming = 2;

    private readonly PeerUnderTest _test = new();

    [TestCase("192.0.2.9", Outgoing, Incoming, Incoming, TestName = "Lower_than_the_peer_the_outgoing_one_closes_also_when_it_was_first")]
    [TestCase("192.0.2.9", Incoming, Outgoing, Incoming, TestName = "Lower_than_the_peer_the_outgoing_one_closes_when_it_is_second")]
    [TestCase("192.0.2.1", Outgoing, Incoming, Outgoing, TestName = "Higher_than_the_peer_the_incoming_one_closes_when_it_is_second")]
    [TestCase("192.0.2.1", Incoming, Outgoing, Outgoing, TestName = "Higher_than_the_peer_the_incoming_one_closes_also_when_it_was_first")]
    public void The_second_open_decides(string identifier, int first, int second, int kept)
    {
        OpenBoth();

        _test.Receive(first, PeerUnderTest.NeighborOpen(identifier));
        _test.Receive(second, PeerUnderTest.NeighborOpen(identifier));

        var closed = kept == Outgoing ? Incoming : Outgoing;
        Assert.That(_test.Log, Does.Contain($"send {closed} Notification 6/7").And.Contain($"close {closed}"));
        _test.ReceiveKeepalive(kept);
        Assert.That(_test.Log[^1], Is.EqualTo("established"));
        Assert.That(_test.Peer.LastError, Is.Null);
    }

    [Test]
    public void Of_equal_identifiers_the_higher_AS_decides()
    {
        // RFC 6286 section 2.3.
        var test = new PeerUnderTest(PeerUnderTest.Options with { PeerAs = new AsNumber(64999) });
        test.Do(new PeerEvent.Start());
        test.Do(new PeerEvent.ConnectionOpened(Outgoing));
        test.Accept();
        var open = OpenMessage.Create(
            new AsNumber(64999),
            90,
            PeerUnderTest.Options.LocalIdentifier,
            [new MultiprotocolCapability(AddressFamily.Vpnv4)]
        );

        test.Receive(Incoming, open);
        test.Receive(Outgoing, open);

        Assert.That(test.Log[^2..], Is.EqualTo(new[] { "send 1 Notification 6/7", "close 1" }));
    }

    [Test]
    public void An_established_session_closes_what_else_is_open()
    {
        OpenBoth();
        _test.Receive(Outgoing, PeerUnderTest.NeighborOpen());
        _test.ReceiveKeepalive(Outgoing);

        Assert.That(_test.Log, Does.Contain($"send {Incoming} Notification 6/7"));
        Assert.That(_test.Peer.State, Is.EqualTo(SessionState.Established));
    }

    [Test]
    public void A_new_connection_does_not_disturb_an_established_session_of_a_peer_without_graceful_restart()
    {
        var open = OpenMessage.Create(
            new AsNumber(64512),
            90,
            BgpIdentifier.Parse("192.0.2.9"),
            [new MultiprotocolCapability(AddressFamily.Vpnv4)]
        );
        _test.Establish(open);
        var late = _test.Accept();

        _test.Receive(late, open);

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { $"send {late} Open", $"send {late} Notification 6/7", $"close {late}" }));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_second_OPEN_of_a_peer_with_graceful_restart_ends_its_established_session_without_a_word(bool restarted)
    {
        // RFC 4724 section 4.2: whether its process restarted, or only its TCP session has gone.
        var former = _test.Establish();
        var next = _test.Accept();
        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { $"send {next} Open" }), "a connection alone ends nothing");

        _test.Receive(next, PeerUnderTest.NeighborOpen(restarted: restarted));

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { $"close {former}", "down, stale: vpnv4", $"send {next} Keepalive" }));
        _test.ReceiveKeepalive(next);
        Assert.That(_test.Peer.EstablishedConnectionId, Is.EqualTo(next));
    }

    [Test]
    public void A_connection_takes_the_place_of_one_on_which_the_peer_has_said_nothing()
    {
        OpenBoth();
        _test.TakeLog();

        var third = _test.Accept();

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { $"send {Incoming} Notification 6/7", $"close {Incoming}", $"send {third} Open" }));
        _test.Receive(third, PeerUnderTest.NeighborOpen());
        _test.ReceiveKeepalive(third);
        Assert.That(_test.Peer.EstablishedConnectionId, Is.EqualTo(third));
        Assert.That(_test.Peer.LastError, Is.Null);
    }

    [Test]
    public void A_third_connection_is_closed_where_the_peer_has_spoken_on_the_one_it_opened()
    {
        OpenBoth();
        _test.Receive(Incoming, PeerUnderTest.NeighborOpen("192.0.2.1"));
        _test.TakeLog();

        var third = _test.Accept();

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { $"close {third}" }));
    }

    [Test]
    public void A_lost_session_is_taken_up_though_a_connection_stands_on_which_the_peer_says_nothing()
    {
        var former = _test.Establish();
        _test.Accept();
        _test.TakeLog();

        _test.Do(new PeerEvent.ConnectionClosed(former, "reset"));
        _test.Fire(PeerTimerKind.ConnectRetry);

        Assert.That(_test.TakeLog()[^1], Is.EqualTo("open 3"));
    }

    private void OpenBoth()
    {
        _test.Do(new PeerEvent.Start());
        _test.Do(new PeerEvent.ConnectionOpened(Outgoing));
        Assert.That(_test.Accept(), Is.EqualTo(Incoming));
    }
}
