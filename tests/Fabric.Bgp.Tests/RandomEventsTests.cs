using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Bgp.Tests;

/// <summary>What holds after any sequence of events, in whatever order a network, a clock and an operator bring them.</summary>
public sealed class RandomEventsTests
{
    private const int Steps = 400;

    private readonly HashSet<int> _open = [];
    private int _read;
    private bool _isUp;

    [Test]
    public void Any_sequence_of_events_leaves_one_session_at_most_and_nothing_behind([Range(1, 50)] int seed)
    {
        var random = new Random(seed);
        var test = new PeerUnderTest(
            PeerUnderTest.Options with
            {
                IsPassive = random.Next(4) == 0,
                IsRestarting = random.Next(4) == 0,
                GracefulRestart = random.Next(4) == 0 ? null : new() { LongLived = new() },
                PrefixLimits = [new PrefixLimit(AddressFamily.Vpnv4, 10)],
                PrefixLimitRestart = random.Next(2) == 0 ? null : TimeSpan.FromMinutes(1),
            }
        );
        for (var step = 0; step < Steps; step++)
        {
            Happen(test, random);
            Check(test);
        }

        test.Do(new PeerEvent.Stop());

        Check(test);
        Assert.That(test.Log, Does.Contain("established"), "the sequence has come to a session");
        Assert.That(_isUp, Is.False, "each session that was established has ended");
        Assert.That(_open, Is.Empty, "no connection is left");
        Assert.That(test.Timers, Is.Empty, "no timer is left");
        Assert.That(test.Peer.HasStaleRoutes, Is.False);
    }

    private void Happen(PeerUnderTest test, Random random)
    {
        var connection = _open.Count == 0 ? 1 : _open.ElementAt(random.Next(_open.Count));
        switch (random.Next(14))
        {
            case 0:
                test.Do(new PeerEvent.Start());
                break;
            case 1 when random.Next(4) == 0:
                test.Do(
                    new PeerEvent.Stop("bye", random.Next(2) == 0 ? StopReason.AdministrativeReset : StopReason.OtherConfigurationChange)
                );
                break;
            case 1 when random.Next(4) == 0:
                test.Do(new PeerEvent.Reset("bye"));
                break;
            case 2 or 3:
                test.Do(new PeerEvent.ConnectionOpened(connection));
                break;
            case 4:
                var accepted = test.Peer.NextConnectionId();
                _open.Add(accepted);
                test.Do(new PeerEvent.ConnectionAccepted(accepted));
                break;
            case 5 when random.Next(3) == 0:
                _open.Remove(connection);
                test.Do(new PeerEvent.ConnectionClosed(connection, "reset"));
                break;
            case 6 when test.Timers.Count > 0:
                var timer = test.Timers.Keys.ElementAt(random.Next(test.Timers.Count));
                test.Fire(timer.Kind, timer.ConnectionId, timer.Family);
                break;
            case 7 when random.Next(4) == 0:
                test.Do(new PeerEvent.SendHoldExpired(connection));
                break;
            case 8:
                test.Peer.PrefixCountChanged(AddressFamily.Vpnv4, (uint)random.Next(12), test);
                break;
            case 9:
                test.Peer.Reconfigure(
                    test.Peer.Options with
                    {
                        PrefixLimits = [new PrefixLimit(AddressFamily.Vpnv4, (uint)random.Next(5, 12))],
                    },
                    test
                );
                break;
            case 10 when random.Next(3) == 0:
                test.Receive(connection, NotificationMessage.Cease(CeaseSubcode.OutOfResources));
                break;
            case 11:
                test.ReceiveKeepalive(connection);
                break;
            case 12 when random.Next(4) == 0:
                test.Peer.Renew(test.Peer.Options with { HoldSeconds = (ushort)random.Next(30, 90) }, test);
                break;
            default:
                test.Receive(connection, Open(random));
                test.ReceiveKeepalive(connection);
                break;
        }
    }

    private static OpenMessage Open(Random random)
    {
        var open = PeerUnderTest.NeighborOpen(
            identifier: random.Next(2) == 0 ? "192.0.2.9" : "192.0.2.1",
            restarted: random.Next(3) == 0,
            notification: random.Next(2) == 0,
            forwarding: random.Next(2) == 0
        );
        var longLived = new LongLivedGracefulRestartCapability([new(AddressFamily.Vpnv4, random.Next(2) == 0, 60)]);
        return random.Next(2) == 0 ? open : open with { Capabilities = [.. open.Capabilities, longLived] };
    }

    // Follows the log from where it was read last.
    private void Check(PeerUnderTest test)
    {
        for (; _read < test.Log.Count; _read++)
        {
            var words = test.Log[_read].Split(' ');
            switch (words[0])
            {
                case "open":
                    _open.Add(int.Parse(words[1]));
                    break;
                case "close":
                    _open.Remove(int.Parse(words[1]));
                    break;
                case "send":
                    Assert.That(_open, Does.Contain(int.Parse(words[1])), "nothing is sent after the close");
                    break;
                case "established":
                    Assert.That(_isUp, Is.False, "one session at a time");
                    _isUp = true;
                    break;
                case "down,":
                    Assert.That(_isUp, Is.True, "a session goes down once");
                    _isUp = false;
                    break;
            }
        }

        Assert.That(test.Peer.State == SessionState.Established, Is.EqualTo(_isUp));
    }
}
