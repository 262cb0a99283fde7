using System.Text;
using Fabric.Bench.Load;

namespace Fabric.Bench.Tests;

[TestFixture]
public sealed class AgentItemTests
{
    private const string NextHop = "<next-hop><af>1</af><address>192.0.2.1</address><mac></mac><label>1048575</label></next-hop>";
    private const string Right =
        "<item id=\"11.0.0.4/32\"><entry><nlri><af>1</af><safi>1</safi><address>11.0.0.4/32</address></nlri>"
        + "<next-hops>"
        + NextHop
        + "</next-hops></entry></item>";

    [Test]
    public void Prefix_label_and_next_hop_are_read()
    {
        Assert.That(AgentItem.TryRead(Encoding.ASCII.GetBytes(Right), out var item));
        Assert.That(item, Is.EqualTo(new AgentItem(0x0B00_0004, 0xC000_0201, 1_048_575)));
    }

    [TestCase("id=\"11.0.0.4/32", "id=\"11.0.0.5/32", TestName = "An id that is not the prefix is refused")]
    [TestCase("11.0.0.4/32", "11.0.0.4/31", TestName = "A prefix that is no host is refused")]
    [TestCase("11.0.0.4/32", "11.0.0.256/32", TestName = "An octet above 255 is refused")]
    [TestCase("11.0.0.4/32", "11.0.4/32", TestName = "Three octets are refused")]
    [TestCase("<label>1048575", "<label>1x", TestName = "A label that is no number is refused")]
    [TestCase(NextHop, NextHop + NextHop, TestName = "Two next hops are refused")]
    [TestCase(NextHop, "", TestName = "No next hop is refused")]
    public void Refused(string text, string other) =>
        Assert.That(AgentItem.TryRead(Encoding.ASCII.GetBytes(Right.Replace(text, other)), out _), Is.False);

    [Test]
    public void An_item_cut_before_its_next_hops_end_is_refused()
    {
        var end = Right.IndexOf("</next-hops>", StringComparison.Ordinal) + "</next-hops>".Length;
        for (var length = 0; length < end; length++)
        {
            Assert.That(AgentItem.TryRead(Encoding.ASCII.GetBytes(Right[..length]), out _), Is.False, $"{length} octets");
        }
    }
}
