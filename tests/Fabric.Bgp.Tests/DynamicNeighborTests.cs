using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Bgp.Tests;

public sealed class DynamicNeighborTests
{
    private static readonly BgpPeerOptions Wide = PeerUnderTest.Options with { PeerAs = null };
    private static readonly BgpPeerOptions Narrow = Wide with { HoldSeconds = 30 };

    private static readonly DynamicNeighborRanges Ranges = new([
        new(IpPrefix.Parse("10.0.0.0/8"), Wide),
        new(IpPrefix.Parse("10.1.0.0/16"), Narrow),
    ]);

    [Test]
    public void The_longest_range_gives_the_template_and_its_peer_is_passive()
    {
        Assert.That(Ranges.TryFind(IpAddress.Parse("10.1.2.3"), out var options), Is.True);
        Assert.That(options, Is.EqualTo(Narrow with { IsPassive = true }));
        Assert.That(Ranges.TryFind(IpAddress.Parse("192.0.2.1"), out _), Is.False);
    }

    [Test]
    public void A_passive_peer_waits_and_takes_any_AS_when_none_is_configured()
    {
        var test = new PeerUnderTest(Wide with { IsPassive = true });
        test.Do(new PeerEvent.Start());
        Assert.That((test.Peer.State, test.Log.Count), Is.EqualTo((SessionState.Active, 0)));

        var id = test.Accept();
        test.Receive(
            id,
            OpenMessage.Create(
                new AsNumber(4200000001),
                90,
                BgpIdentifier.Parse("192.0.2.9"),
                [new MultiprotocolCapability(AddressFamily.Vpnv4)]
            )
        );
        test.ReceiveKeepalive(id);

        Assert.That((test.Negotiation!.PeerAs.Value, test.Negotiation.IsInternal), Is.EqualTo((4200000001u, false)));
    }
}
