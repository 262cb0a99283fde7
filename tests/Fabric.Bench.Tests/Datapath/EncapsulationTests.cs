using Fabric.Bench.Datapath.Testbeds;

namespace Fabric.Bench.Tests.Datapath;

/// <summary>Frames made by scapy.</summary>
[TestFixture]
public sealed class EncapsulationTests
{
    private const string Gre =
        "02000000000202000000000108004500003a00010000402ff690c0000201c000020200008847003ea1404500001e00010000401166b60a01000b0a01000c1b580007000a00006869";
    private const string Udp =
        "02000000000202000000000108004500003e000100004011f6aac0000201c0000202c35019eb002a0000003ea1404500001e00010000401166b60a01000b0a01000c1b580007000a00006869";
    private const string Vxlan =
        "020000000002020000000001080045000050000100004011f698c0000201c0000202c35012b5003c00000c0000030000640002000000000202000000000108004500001e00010000401166b60a01000b0a01000c1b580007000a00006869";
    private const string Plain = "02000000000202000000000108004500001e00010000401166b60a01000b0a01000c1b580007000a00006869";
    private const string Arp = "0200000000020200000000010806000108000604000102fc00000001c000020200000000000000000000";

    [TestCase(Gre, "MPLS over GRE, label 1002")]
    [TestCase(Udp, "MPLS over UDP, label 1002")]
    [TestCase(Vxlan, "VXLAN 100")]
    [TestCase(Plain, "plain")]
    [TestCase(Arp, null)]
    public void A_frame_says_how_it_carries_a_packet(string frame, string? words) =>
        Assert.That(Encapsulation.Of(Convert.FromHexString(frame)), Is.EqualTo(words));

    [TestCase(Gre)]
    [TestCase(Udp)]
    [TestCase(Vxlan)]
    public void A_cut_frame_is_not_read_past_its_end(string frame)
    {
        var bytes = Convert.FromHexString(frame);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.That(() => Encapsulation.Of(bytes.AsSpan(0, length).ToArray()), Throws.Nothing);
        }
    }
}
