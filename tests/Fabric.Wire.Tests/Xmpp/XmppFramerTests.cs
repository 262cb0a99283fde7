using System.Text;
using Fabric.Wire.Xmpp;

namespace Fabric.Wire.Tests.Xmpp;

public sealed class XmppFramerTests
{
    private static readonly string s_stream =
        Golden.AgentOpen + "\u0200" + Golden.Subscribe + " \r\n\t" + Golden.Publish + "\u0200\u0200" + "<a/>" + "</stream:stream>";

    private static readonly string[] s_frames =
    [
        Golden.AgentOpen,
        "\u0200",
        Golden.Subscribe,
        " \r\n\t",
        Golden.Publish,
        "\u0200\u0200",
        "<a/>",
        "</stream:stream>",
    ];

    [Test]
    public void A_stream_falls_into_its_opening_tag_stanzas_and_filler() =>
        Assert.That(Frames(new XmppFramer(), [Golden.Bytes(s_stream)]).Select(f => f.Text), Is.EqualTo(s_frames));

    [Test]
    public void A_stream_may_be_split_at_every_byte()
    {
        var bytes = Golden.Bytes(s_stream);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var frames = Frames(new XmppFramer(), [bytes[..cut], bytes[cut..]]);
            Assert.That(string.Concat(frames.Select(f => f.Text)), Is.EqualTo(s_stream), $"cut at {cut}");
            Assert.That(StanzasOf(frames), Is.EqualTo(StanzasOf(s_frames.Select(f => (default(XmppFrameKind), f)))), $"cut at {cut}");
        }
    }

    [Test]
    public void A_stream_may_come_byte_by_byte()
    {
        var frames = Frames(new XmppFramer(), Golden.Bytes(s_stream).Select(b => new[] { b }));

        Assert.That(StanzasOf(frames), Is.EqualTo(StanzasOf(s_frames.Select(f => (default(XmppFrameKind), f)))));
    }

    [Test]
    public void White_space_may_stand_between_the_xml_declaration_and_the_opening_tag() =>
        Assert.That(
            Frames(new XmppFramer(), [Golden.Bytes(Golden.AgentOpen.Replace("?><", "?>\n<"))]).Single().Kind,
            Is.EqualTo(XmppFrameKind.StreamOpen)
        );

    [Test]
    public void Signs_of_tags_inside_attribute_values_do_not_count()
    {
        var stanza = "<a x='/>\"' y=\"</a>'>\"><b/></a>";

        Assert.That(Frames(new XmppFramer(), [Golden.Bytes(Golden.AgentOpen + stanza)]).Last().Text, Is.EqualTo(stanza));
    }

    [Test]
    public void After_a_restart_a_new_opening_tag_is_expected()
    {
        var framer = new XmppFramer();
        Frames(framer, [Golden.Bytes(Golden.AgentOpen)]);
        framer.Restart();

        Assert.That(Frames(framer, [Golden.Bytes(Golden.AgentOpen)]).Single().Kind, Is.EqualTo(XmppFrameKind.StreamOpen));
    }

    [TestCase("<!DOCTYPE x>", "document type")]
    [TestCase("<!-- x -->", "comment")]
    [TestCase("<a><![CDATA[x]]></a>", "CDATA")]
    [TestCase("<?xml version='1.0'?>", "processing instruction")]
    [TestCase("<a><?x?></a>", "processing instruction")]
    [TestCase("text", "text between stanzas")]
    [TestCase("\u0201", "text between stanzas")]
    [TestCase("<>", "without a name")]
    public void What_xmpp_forbids_ends_the_stream_with_the_reason(string text, string reason)
    {
        var framer = new XmppFramer();
        Frames(framer, [Golden.Bytes(Golden.AgentOpen)]);

        var frame = framer.Read(Golden.Bytes(text));

        Assert.That(frame.Kind, Is.EqualTo(XmppFrameKind.Refused));
        Assert.That(frame.Fault, Does.Contain(reason));
        Assert.That(framer.Read("<a/>"u8).Kind, Is.EqualTo(XmppFrameKind.Refused), "a broken stream stays broken");
    }

    [TestCase("<stream:stream from='a'/>", "closed")]
    [TestCase("</stream:stream>", "before")]
    public void A_stream_must_begin_with_an_opening_tag(string text, string reason) =>
        Assert.That(new XmppFramer().Read(Golden.Bytes(text)).Fault, Does.Contain(reason));

    [Test]
    public void A_stanza_longer_than_the_limit_is_refused_and_one_of_just_the_limit_is_not()
    {
        var stanza = "<a>" + new string('x', 5000) + "</a>";

        Assert.That(Last(stanza.Length), Is.EqualTo(XmppFrameKind.Stanza));
        Assert.That(Last(stanza.Length - 1), Is.EqualTo(XmppFrameKind.Refused));

        XmppFrameKind Last(int limit) => Frames(new XmppFramer(limit), [Golden.Bytes(Golden.AgentOpen + stanza)]).Last().Kind;
    }

    [Test]
    public void A_stranger_may_not_fill_memory_with_an_endless_opening_tag() =>
        Assert.That(
            new XmppFramer().Read(Golden.Bytes("<stream:stream from='" + new string('a', XmppFramer.MaximumOpenBytes))).Kind,
            Is.EqualTo(XmppFrameKind.Refused)
        );

    [Test]
    public void Nesting_has_a_limit() =>
        Assert.That(
            Frames(new XmppFramer(), [Golden.Bytes(Golden.AgentOpen + string.Concat(Enumerable.Repeat("<a>", 33)))]).Last().Kind,
            Is.EqualTo(XmppFrameKind.Refused)
        );

    /// <summary>Feeds chunks as a connection does: what was not consumed comes again in front of the next.</summary>
    private static List<(XmppFrameKind Kind, string Text)> Frames(XmppFramer framer, IEnumerable<byte[]> chunks)
    {
        List<(XmppFrameKind, string)> frames = [];
        byte[] pending = [];
        foreach (var chunk in chunks)
        {
            pending = [.. pending, .. chunk];
            while (pending.Length > 0)
            {
                var frame = framer.Read(pending);
                if (frame.Kind == XmppFrameKind.Incomplete)
                {
                    break;
                }

                frames.Add((frame.Kind, Encoding.UTF8.GetString(frame.Bytes)));
                if (frame.Kind == XmppFrameKind.Refused)
                {
                    break;
                }

                pending = pending[frame.Consumed..];
            }
        }

        return frames;
    }

    private static List<string> StanzasOf(IEnumerable<(XmppFrameKind, string Text)> frames) =>
        [.. frames.Select(f => f.Text.Trim('\u0200', ' ', '\r', '\n', '\t')).Where(t => t.Length > 0)];
}
