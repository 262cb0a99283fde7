using System.Buffers;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Bgp.Tests;

public sealed class SessionTests
{
    private readonly PeerUnderTest _test = new();

    [Test]
    public void A_session_goes_from_idle_to_established_by_RFC_4271()
    {
        Assert.That(_test.Peer.State, Is.EqualTo(SessionState.Idle));

        _test.Do(new PeerEvent.Start());
        Assert.That((_test.Peer.State, _test.TakeLog()), Is.EqualTo((SessionState.Connect, new[] { "open 1" })));

        _test.Do(new PeerEvent.ConnectionOpened(1));
        Assert.That((_test.Peer.State, _test.TakeLog()), Is.EqualTo((SessionState.OpenSent, new[] { "send 1 Open" })));

        _test.Receive(1, PeerUnderTest.NeighborOpen());
        Assert.That((_test.Peer.State, _test.TakeLog()), Is.EqualTo((SessionState.OpenConfirm, new[] { "send 1 Keepalive" })));

        _test.ReceiveKeepalive(1);
        Assert.That((_test.Peer.State, _test.TakeLog()), Is.EqualTo((SessionState.Established, new[] { "established" })));
        Assert.That(_test.Peer.EstablishedSince, Is.EqualTo(DateTimeOffset.UnixEpoch));
    }

    [Test]
    public void Negotiation_takes_what_both_speak()
    {
        _test.Establish(PeerUnderTest.NeighborOpen(holdSeconds: 30));

        var negotiation = _test.Negotiation!;
        Assert.That(negotiation.Families, Is.EqualTo(new[] { AddressFamily.Vpnv4, AddressFamily.RouteTargetMembership }));
        Assert.That(negotiation.HoldTime, Is.EqualTo(TimeSpan.FromSeconds(30)));
        Assert.That(negotiation.ExtendedMessages, Is.False);
        Assert.That(negotiation.FourOctetAs, Is.True);
        Assert.That(_test.Timers[new(PeerTimerKind.Hold, 1)], Is.EqualTo(TimeSpan.FromSeconds(30)));
        Assert.That(_test.Timers[new(PeerTimerKind.Keepalive, 1)], Is.InRange(TimeSpan.FromSeconds(7.5), TimeSpan.FromSeconds(10)));
    }

    [Test]
    public void Bytes_in_any_pieces_make_the_same_session()
    {
        _test.Do(new PeerEvent.Start());
        _test.Do(new PeerEvent.ConnectionOpened(1));
        var buffer = new byte[MessageFrame.MaxBytes];
        byte[] stream = [.. buffer[..PeerUnderTest.NeighborOpen().Encode(buffer)], .. KeepaliveMessage.Bytes];

        var start = 0;
        for (var end = 1; end <= stream.Length; end++)
        {
            start += _test.Peer.Receive(1, stream.AsSpan(start..end), _test);
        }

        Assert.That(start, Is.EqualTo(stream.Length));
        Assert.That(_test.Peer.State, Is.EqualTo(SessionState.Established));
    }

    [Test]
    public void An_expired_hold_timer_is_told_and_ends_the_session()
    {
        var id = _test.Establish();

        _test.Fire(PeerTimerKind.Hold, id);

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "send 1 Notification 4/0", "close 1", "down, stale: " }));
        Assert.That(_test.Peer.LastError, Is.EqualTo("sent hold timer expired"));
        Assert.That(_test.Peer.State, Is.EqualTo(SessionState.Idle));
    }

    [Test]
    public void A_peer_that_reads_nothing_loses_the_session_and_its_routes()
    {
        // RFC 9687 section 4; not a lost session, of which graceful restart would keep the routes.
        var id = _test.Establish();

        _test.Do(new PeerEvent.SendHoldExpired(id));

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "close 1", "down, stale: " }));
        Assert.That(_test.Peer.LastError, Is.EqualTo("send hold timer expired"));
        Assert.That(_test.Timers.Keys, Is.EqualTo(new[] { new PeerTimer(PeerTimerKind.IdleHold) }));
    }

    [Test]
    public void A_keepalive_goes_out_each_time_its_timer_fires()
    {
        var id = _test.Establish();

        _test.Fire(PeerTimerKind.Keepalive, id);
        _test.Fire(PeerTimerKind.Keepalive, id);

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "send 1 Keepalive", "send 1 Keepalive" }));
    }

    [Test]
    public void A_hold_time_of_zero_has_no_timers()
    {
        _test.Establish(PeerUnderTest.NeighborOpen(holdSeconds: 0));

        Assert.That(_test.Timers, Is.Empty);
    }

    [Test]
    public void A_peer_with_a_hold_time_of_zero_that_never_confirms_is_given_up()
    {
        _test.Do(new PeerEvent.Start());
        _test.Do(new PeerEvent.ConnectionOpened(1));
        _test.Receive(1, PeerUnderTest.NeighborOpen(holdSeconds: 0));
        Assert.That(_test.Peer.State, Is.EqualTo(SessionState.OpenConfirm));
        Assert.That(_test.Timers.Keys, Does.Contain(new PeerTimer(PeerTimerKind.Hold, 1)));

        _test.Fire(PeerTimerKind.Hold, 1);

        Assert.That(_test.Peer.State, Is.EqualTo(SessionState.Idle));
        Assert.That(_test.Peer.LastError, Is.EqualTo("sent hold timer expired"));
    }

    // RFC 4271 section 6.2, RFC 6286 section 2.2, RFC 7607.
    [TestCase(64513u, 90, "192.0.2.9", 2, TestName = "An_open_of_another_AS_is_2_2_bad_peer_AS")]
    [TestCase(0u, 90, "192.0.2.9", 2, TestName = "An_open_of_AS_0_is_2_2_bad_peer_AS")]
    [TestCase(64512u, 90, "0.0.0.0", 3, TestName = "An_open_with_identifier_zero_is_2_3")]
    [TestCase(64512u, 90, "192.0.2.5", 3, TestName = "An_open_with_our_identifier_in_our_AS_is_2_3")]
    [TestCase(64512u, 1, "192.0.2.9", 6, TestName = "A_hold_time_of_1_is_2_6_unacceptable")]
    [TestCase(64512u, 2, "192.0.2.9", 6, TestName = "A_hold_time_of_2_is_2_6_unacceptable")]
    public void A_bad_open(uint asNumber, int hold, string identifier, int subcode)
    {
        var open = OpenMessage.Create(
            new AsNumber(asNumber),
            (ushort)hold,
            BgpIdentifier.Parse(identifier),
            [new MultiprotocolCapability(AddressFamily.Vpnv4)]
        );

        Refuses(open, $"2/{subcode}");
    }

    [Test]
    public void An_open_without_a_common_family_is_2_7_unsupported_capability_with_ours()
    {
        Refuses(OpenMessage.Create(new AsNumber(64512), 90, BgpIdentifier.Parse("192.0.2.9"), []), "2/7");

        Assert.That(_test.SentMessages[^1][21..], Is.EqualTo(new byte[] { 1, 4, 0, 1, 0, 128, 1, 4, 0, 1, 0, 132 }));
    }

    // RFC 6608 section 4: the data is the type of that message.
    [TestCase(SessionState.OpenSent, "050104")]
    [TestCase(SessionState.OpenConfirm, "050201")]
    [TestCase(SessionState.Established, "050301")]
    public void An_unexpected_message_is_a_state_error(SessionState state, string notification)
    {
        _test.Do(new PeerEvent.Start());
        _test.Do(new PeerEvent.ConnectionOpened(1));
        if (state >= SessionState.OpenConfirm)
        {
            _test.Receive(1, PeerUnderTest.NeighborOpen());
        }

        if (state == SessionState.Established)
        {
            _test.ReceiveKeepalive(1);
        }

        if (state == SessionState.OpenSent)
        {
            _test.ReceiveKeepalive(1);
        }
        else
        {
            _test.Receive(1, PeerUnderTest.NeighborOpen());
        }

        Assert.That(Convert.ToHexString(_test.SentMessages[^1].AsSpan(19)), Is.EqualTo(notification));
    }

    [Test]
    public void A_wrong_marker_is_a_header_error()
    {
        var id = _test.Establish();

        _test.Receive(id, [0x00]);

        Assert.That(_test.TakeLog()[0], Is.EqualTo("send 1 Notification 1/1"));
    }

    [Test]
    public void Late_events_of_an_old_connection_change_nothing()
    {
        var id = _test.Establish();
        _test.Do(new PeerEvent.ConnectionClosed(id, "reset"));
        _test.TakeLog();

        _test.ReceiveKeepalive(id);
        _test.Do(new PeerEvent.ConnectionOpened(id));
        _test.Do(new PeerEvent.ConnectionClosed(id, "reset"));
        _test.Do(new PeerEvent.TimerFired(new(PeerTimerKind.Hold, id)));

        Assert.That(_test.Log, Is.Empty);
    }

    [Test]
    public void Errors_rest_longer_each_time_and_refuse_connections_meanwhile()
    {
        _test.Do(new PeerEvent.Start());
        foreach (var (id, seconds) in new[] { (1, 5.0), (2, 10), (4, 20) })
        {
            _test.Do(new PeerEvent.ConnectionOpened(id));
            _test.Receive(id, NotificationMessage.OpenError(OpenErrorSubcode.BadPeerAs));
            Assert.That(
                _test.Timers[new(PeerTimerKind.IdleHold)],
                Is.InRange(TimeSpan.FromSeconds(0.75 * seconds), TimeSpan.FromSeconds(seconds))
            );
            if (id == 2)
            {
                Assert.That(_test.Accept(), Is.EqualTo(3));
                Assert.That(_test.TakeLog()[^1], Is.EqualTo("close 3"));
            }

            _test.Fire(PeerTimerKind.IdleHold);
        }

        Assert.That(_test.Peer.LastError, Is.EqualTo("received OPEN message error: bad peer AS"));
    }

    [Test]
    public void A_peer_that_closes_each_session_without_a_word_is_taken_up_at_once_the_first_time_and_rests_then()
    {
        Lose(_test.Establish());
        Assert.That(_test.TakeLog()[^1], Is.EqualTo("open 2"));

        foreach (var (id, seconds) in new[] { (2, 10.0), (3, 20) })
        {
            Establish(id);
            Lose(id);
            Assert.That(_test.Log, Has.None.StartsWith("open "));
            Assert.That(
                _test.Timers[new(PeerTimerKind.IdleHold)],
                Is.InRange(TimeSpan.FromSeconds(0.75 * seconds), TimeSpan.FromSeconds(seconds))
            );
            _test.Fire(PeerTimerKind.IdleHold);
            Assert.That(_test.TakeLog()[^1], Is.EqualTo($"open {id + 1}"));
        }
    }

    [Test]
    public void A_session_that_has_lasted_is_taken_up_at_once_again()
    {
        Lose(_test.Establish());
        Establish(2);
        _test.Time.Elapsed += PeerUnderTest.Options.MaxIdleHold;

        Lose(2);

        Assert.That(_test.TakeLog()[^1], Is.EqualTo("open 3"));
    }

    [Test]
    public void Errors_soon_after_sessions_were_established_rest_longer_each_time_too()
    {
        foreach (var (id, seconds) in new[] { (1, 5.0), (2, 10) })
        {
            _test.Do(new PeerEvent.Start());
            Establish(id);
            _test.Receive(id, NotificationMessage.HoldTimerExpired);
            Assert.That(
                _test.Timers[new(PeerTimerKind.IdleHold)],
                Is.InRange(TimeSpan.FromSeconds(0.75 * seconds), TimeSpan.FromSeconds(seconds))
            );
            _test.Fire(PeerTimerKind.IdleHold);
        }
    }

    // RFC 6608 section 3: an error of the state machine that no subcode tells of.
    [Test]
    public void A_fault_of_this_side_ends_the_session_with_a_word_and_rests()
    {
        var id = _test.Establish();

        _test.Do(new PeerEvent.OwnFault(id, "no such thing"));

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "send 1 Notification 5/0", "close 1", "down, stale: " }));
        Assert.That(_test.Peer.LastError, Does.EndWith("(a fault of this node: no such thing)"));
        Assert.That(_test.Timers.Keys, Is.EqualTo(new[] { new PeerTimer(PeerTimerKind.IdleHold) }));
    }

    [Test]
    public void A_connection_that_fails_is_tried_again_after_the_retry_time()
    {
        _test.Do(new PeerEvent.Start());
        _test.Do(new PeerEvent.ConnectionClosed(1, "connection refused"));
        Assert.That((_test.Peer.State, _test.Peer.LastError), Is.EqualTo((SessionState.Active, "connection refused")));

        _test.Fire(PeerTimerKind.ConnectRetry);

        Assert.That(_test.TakeLog()[^1], Is.EqualTo("open 2"));
    }

    [Test]
    public void A_shutdown_tells_the_operators_words()
    {
        _test.Establish();

        _test.Do(new PeerEvent.Stop("maintenance"));

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "send 1 Notification 6/2", "close 1", "down, stale: " }));
        Assert.That(NotificationMessage.Decode(_test.SentMessages[^1].AsSpan(19)).ShutdownMessage, Is.EqualTo("maintenance"));
        Assert.That(_test.Timers, Is.Empty);
    }

    // RFC 4486 section 3, RFC 9003 section 2.
    [TestCase(StopReason.AdministrativeReset, "060403627965")]
    [TestCase(StopReason.PeerDeconfigured, "0603")]
    [TestCase(StopReason.OtherConfigurationChange, "0606")]
    public void A_peer_that_is_stopped_hears_why(StopReason reason, string body)
    {
        _test.Establish();

        _test.Do(new PeerEvent.Stop("bye", reason));

        Assert.That(Convert.ToHexString(_test.SentMessages[^1].AsSpan(19)), Is.EqualTo(body));
    }

    // RFC 4486 section 3: Administrative Reset.
    [Test]
    public void A_session_that_is_reset_ends_with_6_4_and_begins_anew_at_once()
    {
        _test.Establish();

        _test.Do(new PeerEvent.Reset("bye"));

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "send 1 Notification 6/4", "close 1", "down, stale: ", "open 2" }));
        Assert.That(NotificationMessage.Decode(_test.SentMessages[^1].AsSpan(19)).ShutdownMessage, Is.EqualTo("bye"));
    }

    [Test]
    public void A_peer_that_rests_after_an_error_is_tried_at_once_when_it_is_reset()
    {
        var id = _test.Establish();
        _test.Receive(id, NotificationMessage.HoldTimerExpired);
        _test.TakeLog();

        _test.Do(new PeerEvent.Reset());

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "open 2" }));
        Assert.That(_test.Timers.Keys, Does.Not.Contain(new PeerTimer(PeerTimerKind.IdleHold)));
    }

    [Test]
    public void A_peer_that_is_stopped_is_not_started_by_a_reset()
    {
        _test.Do(new PeerEvent.Reset());

        Assert.That(_test.Log, Is.Empty);
    }

    [Test]
    public void Updates_reach_the_routing_core_and_those_of_the_host_are_counted()
    {
        var id = _test.Establish();
        var output = new ArrayBufferWriter<byte>();
        VpnNlri[] routes = [new(RouteDistinguisher.Parse("64512:1"), IpPrefix.Parse("10.1.0.3/32"), new MplsLabel(16))];
        var encoding = new UpdateEncoding(fourOctetAs: true, extendedMessages: false);
        UpdatePacker.Advertise<VpnNlri>(
            AddressFamily.Vpnv4,
            PathAttributes.Empty with
            {
                NextHop = IpAddress.Parse("192.0.2.9"),
            },
            routes,
            encoding,
            output
        );
        UpdatePacker.EndOfRib(AddressFamily.Vpnv4, output);

        _test.Receive(id, output.WrittenSpan);
        Assert.That(_test.Peer.CountUpdatesSent(2), Is.EqualTo(id));

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "reachable vpnv4", "end of rib vpnv4" }));
        Assert.That((_test.Peer.Counters.Received(MessageType.Update), _test.Peer.Counters.Sent(MessageType.Update)), Is.EqualTo((2L, 2L)));
    }

    [Test]
    public void Malformed_VPN_routes_disable_the_family_and_leave_the_session()
    {
        var id = _test.Establish();

        // MP_UNREACH_NLRI of vpnv4 with an NLRI of 32 bits.
        _test.Receive(id, [.. KeepaliveMessage.Bytes[..16], 0, 36, 2, 0, 0, 0, 13, 0x80, 15, 10, 0, 1, 128, 32, 1, 1, 1, 1, 0, 0]);

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "fault DisableFamily", "disabled vpnv4" }));
        Assert.That(_test.Peer.State, Is.EqualTo(SessionState.Established));
    }

    [Test]
    public void What_a_message_withdraws_beside_malformed_routes_of_another_family_is_withdrawn()
    {
        var id = _test.Establish();

        // MP_UNREACH_NLRI of rtc with the default membership, and MP_REACH_NLRI of vpnv4 with a next hop of three octets.
        byte[] attributes = [0x80, 15, 4, 0, 1, 132, 0, 0x80, 14, 8, 0, 1, 128, 3, 0, 0, 0, 0];
        _test.Receive(id, [.. KeepaliveMessage.Bytes[..16], 0, 41, 2, 0, 0, 0, 18, .. attributes]);

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "fault DisableFamily", "disabled vpnv4", "withdrawn rtc" }));
    }

    [Test]
    public void Route_refresh_goes_both_ways_for_families_of_the_session()
    {
        var id = _test.Establish();

        Assert.That(_test.Peer.SendRouteRefresh(AddressFamily.Vpnv4, RouteRefreshSubtype.Request, _test), Is.True);
        Assert.That(_test.Peer.SendRouteRefresh(AddressFamily.Ipv4Unicast, RouteRefreshSubtype.Request, _test), Is.False);
        _test.Receive(id, [.. KeepaliveMessage.Bytes[..16], 0, 23, 5, 0, 1, 0, 128]);
        _test.Receive(id, [.. KeepaliveMessage.Bytes[..16], 0, 23, 5, 0, 1, 0, 1]);

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "send 1 RouteRefresh", "refresh vpnv4" }));
    }

    private void Establish(int id)
    {
        _test.Do(new PeerEvent.ConnectionOpened(id));
        _test.Receive(id, PeerUnderTest.NeighborOpen());
        _test.ReceiveKeepalive(id);
        Assert.That(_test.Peer.EstablishedConnectionId, Is.EqualTo(id));
    }

    private void Lose(int id) => _test.Do(new PeerEvent.ConnectionClosed(id, "closed by the peer"));

    private void Refuses(OpenMessage open, string notification)
    {
        _test.Do(new PeerEvent.Start());
        _test.Do(new PeerEvent.ConnectionOpened(1));
        _test.TakeLog();

        _test.Receive(1, open);

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { $"send 1 Notification {notification}", "close 1" }));
        Assert.That(_test.Peer.State, Is.EqualTo(SessionState.Idle));
    }
}
