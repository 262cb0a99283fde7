using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Bgp.Tests;

public sealed class PeerOptionsTests
{
    private static readonly BgpPeerOptions External = PeerUnderTest.Options with { LocalAs = new AsNumber(64500) };

    [TestCase(64512u, true, TestName = "A_peer_of_the_AS_that_it_is_shown_is_internal")]
    [TestCase(64999u, false, TestName = "A_peer_of_another_AS_than_it_is_shown_is_external")]
    public void Local_as(uint shown, bool isInternal)
    {
        var test = new PeerUnderTest(External with { LocalAsOverride = new AsNumber(shown) });

        test.Establish();

        Assert.That(OpenMessage.TryDecode(test.SentMessages[0].AsSpan(19), out var open, out _), Is.True);
        Assert.That((open!.AsNumber.Value, test.Negotiation!.IsInternal), Is.EqualTo((shown, isInternal)));
    }

    [TestCase(64600u, "send 1 Notification 6/7", TestName = "Of_equal_identifiers_the_higher_AS_that_is_shown_decides")]
    [TestCase(64400u, "send 2 Notification 6/7", TestName = "Of_equal_identifiers_the_lower_AS_that_is_shown_gives_way")]
    public void Collision(uint peerAs, string refused)
    {
        // RFC 6286 section 2.3. The node's own AS is 64700.
        var test = new PeerUnderTest(
            PeerUnderTest.Options with
            {
                LocalAs = new AsNumber(64700),
                LocalAsOverride = new AsNumber(64500),
                PeerAs = new AsNumber(peerAs),
            }
        );
        test.Do(new PeerEvent.Start());
        test.Do(new PeerEvent.ConnectionOpened(1));
        Assert.That(test.Accept(), Is.EqualTo(2));
        var open = OpenMessage.Create(
            new AsNumber(peerAs),
            90,
            PeerUnderTest.Options.LocalIdentifier,
            [new MultiprotocolCapability(AddressFamily.Vpnv4)]
        );

        test.Receive(2, open);
        test.Receive(1, open);

        Assert.That(test.Log, Does.Contain(refused));
    }

    // RFC 9234 section 4.2, table 2.
    [TestCase(BgpRole.Provider, BgpRole.Customer)]
    [TestCase(BgpRole.Customer, BgpRole.Provider)]
    [TestCase(BgpRole.RouteServer, BgpRole.RouteServerClient)]
    [TestCase(BgpRole.RouteServerClient, BgpRole.RouteServer)]
    [TestCase(BgpRole.Peer, BgpRole.Peer)]
    public void Only_roles_of_a_pair_agree(BgpRole ours, BgpRole theirs)
    {
        foreach (var said in Enum.GetValues<BgpRole>().Append((BgpRole)5))
        {
            var error = Answer(External with { Role = ours }, new RoleCapability(said));

            Assert.That(error, Is.EqualTo(said == theirs ? null : RoleMismatch), $"{said}");
        }
    }

    [Test]
    public void A_peer_without_a_role_is_refused_only_in_strict_mode()
    {
        Assert.That(Answer(External with { Role = BgpRole.Peer }), Is.Null);
        Assert.That(Answer(External with { Role = BgpRole.Peer, RequiresRole = true }), Is.EqualTo(RoleMismatch));
    }

    [Test]
    public void A_peer_with_two_roles_is_refused_where_they_differ()
    {
        var options = External with { Role = BgpRole.Provider };
        var customer = new RoleCapability(BgpRole.Customer);

        Assert.That(Answer(options, customer, customer), Is.Null);
        Assert.That(Answer(options, new RoleCapability(BgpRole.Peer), customer), Is.EqualTo(RoleMismatch));
    }

    [Test]
    public void Roles_do_not_matter_inside_an_AS()
    {
        Assert.That(Answer(PeerUnderTest.Options with { Role = BgpRole.Provider }, new RoleCapability(BgpRole.Peer)), Is.Null);
    }

    [TestCase(30, 60, false)]
    [TestCase(60, 60, true)]
    [TestCase(0, 60, true)]
    public void A_hold_time_below_the_least_that_is_configured_is_unacceptable(int theirs, int least, bool isTaken)
    {
        var options = PeerUnderTest.Options with { MinHoldSeconds = (ushort)least };
        var taken = SessionNegotiation.TryNegotiate(options, PeerUnderTest.NeighborOpen(holdSeconds: (ushort)theirs), out _, out var error);

        Assert.That(taken, Is.EqualTo(isTaken));
        Assert.That(error, Is.EqualTo(isTaken ? null : NotificationMessage.OpenError(OpenErrorSubcode.UnacceptableHoldTime)));
    }

    private static NotificationMessage RoleMismatch => NotificationMessage.OpenError(OpenErrorSubcode.RoleMismatch);

    private static NotificationMessage? Answer(BgpPeerOptions options, params Capability[] capabilities)
    {
        var open = PeerUnderTest.NeighborOpen();
        SessionNegotiation.TryNegotiate(
            options,
            open with
            {
                Capabilities = [.. open.Capabilities, .. capabilities],
            },
            out _,
            out var error
        );
        return error;
    }
}
