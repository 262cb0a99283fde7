using Fabric.Wire.Bgp;

namespace Fabric.Bgp.Tests;

/// <summary>Attempts that a NOTIFICATION ends before there is a session: told once for each reason, and counted.</summary>
public sealed class FailedAttemptTests
{
    private static readonly NotificationMessage s_badAs = NotificationMessage.OpenError(OpenErrorSubcode.BadPeerAs);

    private readonly PeerUnderTest _test = new();

    [Test]
    public void An_open_that_is_refused_is_told_of_with_the_state_that_it_came_in()
    {
        Open();
        _test.Receive(1, PeerUnderTest.NeighborOpen(identifier: "0.0.0.0"));

        Assert.That(_test.Failures, Is.EqualTo(new[] { "1 OpenSent: sent OPEN message error: bad BGP identifier" }));
    }

    [Test]
    public void A_peer_that_does_not_confirm_in_time_is_told_of()
    {
        Open();
        _test.Receive(1, PeerUnderTest.NeighborOpen());

        _test.Fire(PeerTimerKind.Hold, 1);

        Assert.That(_test.Failures, Is.EqualTo(new[] { "1 OpenConfirm: sent hold timer expired" }));
    }

    [Test]
    public void One_reason_is_told_once_however_often_it_is_tried_again()
    {
        _test.Do(new PeerEvent.Start());
        for (var attempt = 0; attempt < 10; attempt++)
        {
            Refuse(s_badAs);
        }

        Refuse(NotificationMessage.OpenError(OpenErrorSubcode.UnsupportedCapability));
        Refuse(s_badAs);

        Assert.That(
            _test.Failures,
            Is.EqualTo(
                new[]
                {
                    "1 OpenSent: received OPEN message error: bad peer AS",
                    "11 OpenSent: received OPEN message error: unsupported capability",
                }
            )
        );
        Assert.That(_test.Peer.FailedAttempts, Is.EqualTo(12));
    }

    /// <summary>The words of a shutdown are the peer's (RFC 9003): what is remembered of them is bounded.</summary>
    [Test]
    public void Reasons_that_are_all_different_are_all_told_and_few_are_remembered()
    {
        _test.Do(new PeerEvent.Start());
        string[] words = [.. Enumerable.Range(1, 9).Select(number => $"no {number}")];
        foreach (var word in (string[])[.. words, words[0], words[8]])
        {
            Refuse(NotificationMessage.Cease(CeaseSubcode.AdministrativeShutdown, word));
        }

        Assert.That(_test.Failures, Has.Count.EqualTo(10), "the ninth has put the first out, and is remembered itself");
    }

    [Test]
    public void After_a_session_the_same_reason_is_told_again()
    {
        Open();
        _test.Receive(1, s_badAs);
        _test.Fire(PeerTimerKind.IdleHold);
        var id = Latest();
        _test.Do(new PeerEvent.ConnectionOpened(id));
        _test.Receive(id, PeerUnderTest.NeighborOpen());
        _test.ReceiveKeepalive(id);
        Assert.That(_test.Peer.FailedAttempts, Is.Zero);
        _test.Receive(id, NotificationMessage.Cease(CeaseSubcode.AdministrativeReset));
        _test.Fire(PeerTimerKind.IdleHold);

        _test.Do(new PeerEvent.ConnectionOpened(Latest()));
        _test.Receive(Latest(), s_badAs);

        const string Told = "1 OpenSent: received OPEN message error: bad peer AS";
        Assert.That(_test.Failures, Is.EqualTo(new[] { Told, Told }));
    }

    [Test]
    public void What_the_operator_ends_and_a_connection_that_is_refused_are_no_failures()
    {
        _test.Do(new PeerEvent.Start());
        _test.Do(new PeerEvent.ConnectionClosed(1, "connection refused"));
        _test.Fire(PeerTimerKind.ConnectRetry);
        _test.Do(new PeerEvent.ConnectionOpened(Latest()));
        _test.Do(new PeerEvent.Reset(null));
        _test.Do(new PeerEvent.ConnectionOpened(Latest()));
        _test.Peer.Renew(PeerUnderTest.Options, _test);
        _test.Do(new PeerEvent.ConnectionOpened(Latest()));
        _test.Do(new PeerEvent.Stop(null));

        Assert.That(_test.Log.FindAll(line => line.Contains("Notification 6/", StringComparison.Ordinal)), Has.Count.EqualTo(3));
        Assert.That(_test.Failures, Is.Empty);
    }

    /// <summary>RFC 4271 section 6.8.</summary>
    [Test]
    public void Of_a_collision_nothing_is_told_nor_of_a_second_connection_beside_a_session()
    {
        Open();
        var incoming = _test.Accept();
        _test.Receive(1, PeerUnderTest.NeighborOpen());
        _test.Receive(1, NotificationMessage.Cease(CeaseSubcode.ConnectionCollisionResolution));
        _test.Receive(incoming, PeerUnderTest.NeighborOpen());
        _test.ReceiveKeepalive(incoming);
        var second = _test.Accept();

        _test.Receive(second, s_badAs);

        Assert.That(_test.Peer.State, Is.EqualTo(SessionState.Established));
        Assert.That((_test.Failures, _test.Peer.FailedAttempts), Is.EqualTo((Array.Empty<string>(), 0)));
    }

    private void Open()
    {
        _test.Do(new PeerEvent.Start());
        _test.Do(new PeerEvent.ConnectionOpened(1));
    }

    private void Refuse(NotificationMessage notification)
    {
        var id = Latest();
        _test.Do(new PeerEvent.ConnectionOpened(id));
        _test.Receive(id, notification);
        _test.Fire(PeerTimerKind.IdleHold);
    }

    private int Latest() => int.Parse(_test.Log.FindLast(line => line.StartsWith("open ", StringComparison.Ordinal))!.Split(' ')[1]);
}
