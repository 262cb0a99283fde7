using Fabric.Bench.Load;

namespace Fabric.Bench.Tests;

[TestFixture]
public sealed class UpdateEncoderTests
{
    // Layout of RFC 4271 section 4.3, RFC 4760 section 3 and RFC 4364 section 4.3.4, put together by hand.
    private const string ProbeOfSet1 =
        "ffffffffffffffffffffffffffffffff0063020000004c"
        + "900e0021"
        + "000180"
        + "0c"
        + "0000000000000000c0000201"
        + "00"
        + "78"
        + "000111"
        + "0000fc0000000002"
        + "0b00000a"
        + "40010100"
        + "400200"
        + "80040400000064"
        + "40050400000064"
        + "c0080440000001"
        + "c010080002fc0000000002";

    private static readonly RouteTable s_table = new(10, senders: 1, labelPerRoute: false, probes: 1);

    [Test]
    public void A_route_is_encoded_as_the_standards_say()
    {
        var update = new byte[UpdateEncoder.LengthOf(1)];
        UpdateEncoder.WriteSet(update, s_table, 1);
        Assert.That(Convert.ToHexString(update).ToLowerInvariant(), Is.EqualTo(ProbeOfSet1));
    }

    [Test]
    public void Another_med_changes_four_octets()
    {
        var update = new byte[UpdateEncoder.LengthOf(1)];
        UpdateEncoder.WriteSet(update, s_table, 1);
        UpdateEncoder.SetMed(update, 0x01020304);
        Assert.That(Convert.ToHexString(update).ToLowerInvariant(), Is.EqualTo(ProbeOfSet1.Replace("80040400000064", "80040401020304")));
    }

    [Test]
    public void Senders_share_the_sets_between_them([Values(1, 3, 10)] int senders)
    {
        var table = new RouteTable(1000, senders, labelPerRoute: true, probes: 0);
        var sets = Enumerable
            .Range(0, senders)
            .SelectMany(sender => Enumerable.Range(table.SetsOf(sender).First, table.RoutesOf(sender) / 10))
            .ToList();
        Assert.That(sets, Is.EqualTo(Enumerable.Range(0, 100)));
        Assert.That(sets.All(set => table.SetsOf(table.SenderOf(set)).First <= set && set < table.SetsOf(table.SenderOf(set)).End));
    }
}
