using System.Buffers;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Bgp.Tests;

/// <summary>RFC 7313. The neighbour has the capability and sends End-of-RIB, as one with graceful restart does.</summary>
public sealed class EnhancedRefreshTests
{
    private const byte Begin = 1;
    private const byte End = 2;

    private static readonly PeerTimer RefreshTimer = new(PeerTimerKind.RouteRefresh, Family: AddressFamily.Vpnv4);

    private readonly PeerUnderTest _test = new();

    [Test]
    public void The_capability_of_code_70_goes_out_without_a_value()
    {
        _test.Do(new PeerEvent.Start());
        _test.Do(new PeerEvent.ConnectionOpened(1));

        Assert.That(Convert.ToHexString(_test.SentMessages[^1]), Does.Contain("02004600"), "behind capability 2, route refresh");
    }

    [Test]
    public void Between_its_marks_the_routes_of_a_family_are_stale_and_go_if_they_are_not_said_again()
    {
        var id = EstablishComplete();

        Mark(id, Begin);
        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "refresh begun vpnv4" }));
        Assert.That(_test.Timers[RefreshTimer], Is.EqualTo(TimeSpan.FromMinutes(5)));

        Mark(id, End);
        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "stale expired: vpnv4" }));
        Assert.That(_test.Timers.Keys, Does.Not.Contain(RefreshTimer));
    }

    [Test]
    public void A_second_begin_starts_anew()
    {
        var id = EstablishComplete();

        Mark(id, Begin);
        Mark(id, Begin);
        Mark(id, End);
        Mark(id, End);

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "refresh begun vpnv4", "refresh begun vpnv4", "stale expired: vpnv4" }));
    }

    [Test]
    public void Routes_wait_for_the_end_no_longer_than_the_limit()
    {
        var id = EstablishComplete();
        Mark(id, Begin);
        _test.TakeLog();

        _test.Fire(PeerTimerKind.RouteRefresh, family: AddressFamily.Vpnv4);
        Mark(id, End);

        Assert.That(_test.TakeLog(), Is.EqualTo(new[] { "stale expired: vpnv4" }));
    }

    [Test]
    public void A_limit_that_changes_meanwhile_begins_anew()
    {
        Mark(EstablishComplete(), Begin);

        _test.Peer.Reconfigure(PeerUnderTest.Options with { RefreshLimit = TimeSpan.FromMinutes(1) }, _test);

        Assert.That(_test.Timers[RefreshTimer], Is.EqualTo(TimeSpan.FromMinutes(1)));
    }

    [Test]
    public void An_end_without_a_begin_means_nothing()
    {
        Mark(EstablishComplete(), End);

        Assert.That(_test.Log, Is.Empty);
    }

    // Section 4, for a peer with graceful restart.
    [Test]
    public void A_begin_before_End_of_RIB_is_ignored()
    {
        var id = _test.Establish(Open());

        Mark(id, Begin);

        Assert.That(_test.Log, Is.Empty);
        Assert.That(_test.Timers.Keys, Does.Not.Contain(RefreshTimer));
    }

    [Test]
    public void A_refresh_ends_with_its_session()
    {
        var id = EstablishComplete();
        Mark(id, Begin);

        _test.Do(new PeerEvent.ConnectionClosed(id, "reset"));

        Assert.That(_test.Timers.Keys, Does.Not.Contain(RefreshTimer));
    }

    [Test]
    public void Marks_go_out_only_where_both_know_them()
    {
        _test.Establish(Open());
        Assert.That(_test.Peer.SendRouteRefresh(AddressFamily.Vpnv4, RouteRefreshSubtype.Begin, _test), Is.True);
        Assert.That(Convert.ToHexString(_test.SentMessages[^1].AsSpan(16)), Is.EqualTo("00170500010180"));
        Assert.That(_test.Peer.SendRouteRefresh(AddressFamily.Vpnv4, RouteRefreshSubtype.End, _test), Is.True);
        Assert.That(Convert.ToHexString(_test.SentMessages[^1].AsSpan(16)), Is.EqualTo("00170500010280"));

        var other = new PeerUnderTest();
        var id = other.Establish();
        other.Receive(id, Message(Begin));
        Assert.That(other.Peer.SendRouteRefresh(AddressFamily.Vpnv4, RouteRefreshSubtype.End, other), Is.False);
        Assert.That(other.Log, Is.Empty);
    }

    // Section 5: the data is the whole message.
    [TestCase(Begin)]
    [TestCase(End)]
    public void A_mark_of_another_length_ends_the_session_with_7_1(byte subtype)
    {
        var id = EstablishComplete();
        byte[] message = [.. KeepaliveMessage.Bytes[..16], 0, 25, 5, 0, 1, subtype, 128, 0xAB, 0xCD];

        _test.Receive(id, message);

        Assert.That(_test.TakeLog()[0], Is.EqualTo("send 1 Notification 7/1"));
        Assert.That(_test.SentMessages[^1][21..], Is.EqualTo(message));
    }

    // Section 5; of the request too, since it has no other length.
    [TestCase("")]
    [TestCase("00")]
    [TestCase("0001")]
    [TestCase("000100")]
    [TestCase("000101")]
    [TestCase("000102")]
    public void A_refresh_that_is_too_short_ends_the_session_with_7_1(string body)
    {
        var id = EstablishComplete();
        byte[] message = Short(body);

        _test.Receive(id, message);

        Assert.That(_test.TakeLog()[0], Is.EqualTo("send 1 Notification 7/1"));
        Assert.That(_test.SentMessages[^1][21..], Is.EqualTo(message));
    }

    // RFC 4271 section 6.1: the data is the length.
    [Test]
    public void A_peer_without_the_capability_hears_1_2_of_a_refresh_that_is_too_short()
    {
        var id = _test.Establish();

        _test.Receive(id, Short("000100"));

        Assert.That(_test.TakeLog()[0], Is.EqualTo("send 1 Notification 1/2"));
        Assert.That(_test.SentMessages[^1][21..], Is.EqualTo((byte[])[0, 22]));
    }

    [Test]
    public void An_unknown_subtype_and_a_family_that_was_not_agreed_on_are_ignored()
    {
        var id = EstablishComplete();

        _test.Receive(id, Message(3));
        _test.Receive(id, Short("000103"));
        _test.Receive(id, [.. KeepaliveMessage.Bytes[..16], 0, 24, 5, 0, 1, 255, 128, 0]);
        _test.Receive(id, [.. KeepaliveMessage.Bytes[..16], 0, 23, 5, 0, 1, Begin, 1]);

        Assert.That(_test.Log, Is.Empty);
    }

    private static OpenMessage Open()
    {
        var open = PeerUnderTest.NeighborOpen();
        return open with { Capabilities = [.. open.Capabilities, new EnhancedRouteRefreshCapability()] };
    }

    private static byte[] Message(byte subtype) => [.. KeepaliveMessage.Bytes[..16], 0, 23, 5, 0, 1, subtype, 128];

    private static byte[] Short(string body) =>
        [.. KeepaliveMessage.Bytes[..16], 0, (byte)(MessageFrame.HeaderBytes + body.Length / 2), 5, .. Convert.FromHexString(body)];

    private void Mark(int id, byte subtype) => _test.Receive(id, Message(subtype));

    private int EstablishComplete()
    {
        var id = _test.Establish(Open());
        var endOfRib = new ArrayBufferWriter<byte>();
        UpdatePacker.EndOfRib(AddressFamily.Vpnv4, endOfRib);
        _test.Receive(id, endOfRib.WrittenSpan);
        _test.TakeLog();
        return id;
    }
}
