using System.Buffers;

namespace Fabric.Wire.Xmpp;

/// <summary>
/// The stream's opening tag (RFC 6120 section 4.2); it is never closed. The agent's name is in From. The control node adds an id:
/// <code>
/// &lt;?xml version="1.0"?>&lt;stream:stream from="host7" to="network-control@contrailsystems.com" version="1.0" xml:lang="en"
///   xmlns="jabber:client" xmlns:stream="http://etherx.jabber.org/streams" >
/// </code>
/// </summary>
public sealed record StreamOpen : Stanza
{
    /// <summary>Chosen by the control node; empty from an agent.</summary>
    public string Id { get; init; } = "";

    /// <summary>The default namespace, which old peers also use to name a sub-cluster.</summary>
    public string DefaultNamespace { get; init; } = XmppNames.DefaultNamespace;

    public override void Write(IBufferWriter<byte> output)
    {
        var xml = new Utf8XmlWriter(output);
        xml.Markup("<?xml version=\"1.0\"?><stream:stream from=\""u8);
        xml.Value(From);
        xml.Markup("\" to=\""u8);
        xml.Value(To);
        if (Id.Length > 0)
        {
            xml.Markup("\" id=\""u8);
            xml.Value(Id);
        }

        xml.Markup("\" version=\"1.0\" xml:lang=\"en\" xmlns=\""u8);
        xml.Value(DefaultNamespace);
        xml.Markup("\" xmlns:stream=\"http://etherx.jabber.org/streams\" >"u8);
    }

    /// <summary>Reads the bytes of a <see cref="XmppFrameKind.StreamOpen"/> frame.</summary>
    public static Stanza Read(ReadOnlySpan<byte> bytes)
    {
        if (!System.Text.Unicode.Utf8.IsValid(bytes))
        {
            return new MalformedStanza("not UTF-8");
        }

        if (bytes.StartsWith("<?"u8))
        {
            if (!bytes.StartsWith("<?xml "u8))
            {
                return new MalformedStanza("processing instruction");
            }

            bytes = bytes[(bytes.IndexOf("?>"u8) + 2)..].TrimStart(" \t\r\n"u8);
        }

        var xml = new XmlSpanReader(bytes);
        if (xml.Read() != XmlNodeKind.StartElement || !xml.Name.SequenceEqual("stream:stream"u8))
        {
            return new MalformedStanza(xml.Fault ?? "the stream does not begin with stream:stream");
        }

        var open = new StreamOpen
        {
            From = XmlText.Decode(xml.Attribute("from"u8)),
            To = XmlText.Decode(xml.Attribute("to"u8)),
            Id = XmlText.Decode(xml.Attribute("id"u8)),
            DefaultNamespace = XmlText.Decode(xml.Attribute("xmlns"u8)),
        };
        return open.From.Length > 0 ? open : new MalformedStanza("the stream's opening tag has no from");
    }
}
