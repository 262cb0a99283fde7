using Fabric.Wire.Packets;

namespace Fabric.Wire.Tests.Packets;

public sealed class TcpOptionsTests
{
    // TCP(sport=5000,dport=80,flags="S",seq=100,options=[("NOP",None),("MSS",1460),("WScale",7)]) by scapy 2.5.0, checksum left out.
    private const string Syn = "138800500000006400000000700220000000000001020405b4030307";

    [Test]
    public void An_option_is_found_behind_padding_and_others()
    {
        var segment = Convert.FromHexString(Syn);
        Assert.That(TcpOptions.Find(segment, TcpOptions.MaximumSegmentSize, TcpOptions.MaximumSegmentSizeLength), Is.EqualTo(23));
        Assert.That(TcpOptions.Find(segment, TcpOptions.WindowScale, TcpOptions.WindowScaleLength), Is.EqualTo(27));
    }

    [Test]
    public void Nothing_is_found_in_a_segment_cut_at_any_byte()
    {
        var segment = Convert.FromHexString(Syn);
        for (var length = 0; length < segment.Length; length++)
        {
            Assert.That(TcpOptions.Find(segment.AsSpan(0, length), TcpOptions.MaximumSegmentSize, 4), Is.EqualTo(-1));
        }
    }

    [TestCase("0002040510000000", TestName = "An_option_behind_the_end_is_not_there", ExpectedResult = -1)]
    [TestCase("0500020405100000", TestName = "An_option_of_no_length_ends_the_search", ExpectedResult = -1)]
    [TestCase("0501020405100000", TestName = "An_option_shorter_than_its_head_ends_the_search", ExpectedResult = -1)]
    [TestCase("0509020405100000", TestName = "An_option_that_runs_over_the_header_ends_the_search", ExpectedResult = -1)]
    [TestCase("0204051001010102", TestName = "The_first_of_two_counts", ExpectedResult = 22)]
    [TestCase("0203050101010101", TestName = "An_option_of_another_length_is_not_it", ExpectedResult = -1)]
    [TestCase("0101010101010102", TestName = "A_kind_without_a_length_is_not_an_option", ExpectedResult = -1)]
    public int Options(string options)
    {
        byte[] segment = [.. Convert.FromHexString(Syn)[..20], .. Convert.FromHexString(options)];
        segment[12] = 0x70;
        return TcpOptions.Find(segment, TcpOptions.MaximumSegmentSize, TcpOptions.MaximumSegmentSizeLength);
    }
}
