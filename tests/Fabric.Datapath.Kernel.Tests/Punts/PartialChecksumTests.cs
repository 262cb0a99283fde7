using Fabric.Datapath.Kernel.Punts;

namespace Fabric.Datapath.Kernel.Tests.Punts;

/// <summary>Packets made by scapy 2.5.0, those with a partial checksum as a virtio device's sender leaves it (virtio 1.2 section 5.1.6.2).</summary>
[TestFixture]
internal sealed class PartialChecksumTests
{
    // Ether(dst=GW,src=M1)/IP(src="10.1.0.11",dst="10.1.0.21",id=7,ttl=64)/UDP(sport=4000,dport=53,chksum=partial)/b"question"
    private const string Partial = "00005e00010002000000000108004500002400070000401166a10a01000b0a0100150fa00035001014437175657374696f6e";

    // The same, chksum computed by scapy.
    private const string Complete = "00005e00010002000000000108004500002400070000401166a10a01000b0a0100150fa00035001021177175657374696f6e";

    [TestCase(Partial, Complete, TestName = "A_partial_checksum_is_completed")]
    [TestCase(Complete, Complete, TestName = "A_whole_checksum_stays")]
    public void A_frame_of_a_vif(string before, string after) => Assert.That(Completed(before), Is.EqualTo(after));

    [Test]
    public void A_partial_checksum_inside_a_tunnel_is_completed()
    {
        // IP(src="192.0.2.2",dst="192.0.2.1",id=0,ttl=64,flags="DF",proto=47)/GRE(proto=0x8847)/MPLS(label=16,s=1,ttl=63), before it M1 to M2.
        const string outer = "02000000000202000000000108004500004000004000402fb68bc0000202c0000201000088470001013f";
        Assert.That(Completed(outer + Partial[28..]), Is.EqualTo(outer + Complete[28..]));
    }

    [Test]
    public void A_wrong_checksum_stays_wrong([Values("1444", "ffff", "0000")] string checksum)
    {
        var wrong = Partial.Replace("1443", checksum, StringComparison.Ordinal);
        Assert.That(Completed(wrong), Is.EqualTo(wrong));
    }

    [Test]
    public void A_frame_that_is_cut_anywhere_is_no_reason_to_fail([Range(0, 50)] int length) =>
        Assert.That(() => PartialChecksum.CompleteFrame(Convert.FromHexString(Partial).AsSpan(0, length)), Throws.Nothing);

    private static string Completed(string frame)
    {
        var bytes = Convert.FromHexString(frame);
        PartialChecksum.CompleteFrame(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
