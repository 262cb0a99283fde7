using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Bgp.Tests;

public sealed class PassivePeerTests
{
    [Test]
    public void A_passive_peer_waits_and_takes_any_AS_when_none_is_configured()
    {
        var test = new PeerUnderTest(PeerUnderTest.Options with { PeerAs = null, IsPassive = true });
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
