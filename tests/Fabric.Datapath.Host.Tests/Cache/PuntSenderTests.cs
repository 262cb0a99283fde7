using Fabric.Datapath.Host.Cache;

namespace Fabric.Datapath.Host.Tests.Cache;

public sealed class PuntSenderTests
{
    // IP(src="192.0.2.1",dst="192.0.2.2",id=0,flags="DF",ttl=64)/GRE(proto=0x8847)/MPLS(label=26,ttl=64)/
    // IP(src="10.1.0.3",dst="10.1.0.5",id=1)/UDP(sport=4000,dport=53)/b"question", of scapy 2.5.0; and the same over UDP.
    private const string OverGre =
        "4500004000004000402fb68bc0000201c0000202000088470001a1404500002400010000401166bf0a0100030a0100050fa00035"
        + "0010212f7175657374696f6e";

    private const string OverUdp =
        "45000044000040004011b6a5c0000201c0000202c00019eb003000000001a1404500002400010000401166bf0a0100030a010005"
        + "0fa000350010212f7175657374696f6e";

    [TestCase(OverGre)]
    [TestCase(OverUdp)]
    public void A_machine_behind_a_tunnel_is_told_by_its_host_and_its_address(string text) =>
        Assert.That(PuntSender.OfOuter(Convert.FromHexString(text)), Is.EqualTo(0xC000_0201_0A01_0003));

    [Test]
    public void A_packet_cut_anywhere_has_a_sender()
    {
        var packet = Convert.FromHexString(OverUdp);
        for (var length = 0; length <= packet.Length; length++)
        {
            var sender = PuntSender.OfOuter(packet.AsSpan(0, length));
            Assert.That(
                sender,
                Is.EqualTo(
                    length < 20 ? 0
                    : length < 48 ? 0xC000_0201
                    : 0xC000_0201_0A01_0003
                )
            );
        }
    }
}
