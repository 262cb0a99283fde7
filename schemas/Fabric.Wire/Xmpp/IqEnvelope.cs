namespace Fabric.Wire.Xmpp;

/// <summary>The iq and pubsub elements (RFC 6120 section 8.2.3, XEP-0060) around what an agent asks.</summary>
internal static class IqEnvelope
{
    public static void Begin(Utf8XmlWriter xml, Stanza stanza, string id)
    {
        xml.Markup("<iq type=\"set\" from=\""u8);
        xml.Value(stanza.From);
        xml.Markup("\" to=\""u8);
        xml.Value(stanza.To);
        if (id.Length > 0)
        {
            xml.Markup("\" id=\""u8);
            xml.Value(id);
        }

        xml.Markup("\"><pubsub xmlns=\"http://jabber.org/protocol/pubsub\">"u8);
    }

    public static void End(Utf8XmlWriter xml) => xml.Markup("</pubsub></iq>"u8);
}
