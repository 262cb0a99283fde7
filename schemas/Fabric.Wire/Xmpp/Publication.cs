using System.Buffers;

namespace Fabric.Wire.Xmpp;

/// <summary>
/// Agent to control node, first of two: carries the route. What to do with it is said by the <see cref="CollectionStanza"/>
/// that follows with the same node.
/// <code>
/// &lt;iq ...>&lt;pubsub ...>&lt;publish node="1/1/VRF/10.20.0.5/32">&lt;item>&lt;entry>...&lt;/entry>&lt;/item>&lt;/publish>&lt;/pubsub>&lt;/iq>
/// </code>
/// An item that cannot be read, or is of a family that is not carried, leaves Item empty and says why in ItemFault; the session goes on.
/// </summary>
public sealed record PublishStanza(string Node, UnicastItem? Item) : Stanza
{
    public string? ItemFault { get; init; }

    public string Id { get; init; } = "";

    public override void Write(IBufferWriter<byte> output)
    {
        var xml = new Utf8XmlWriter(output);
        IqEnvelope.Begin(xml, this, Id);
        xml.Markup("<publish node=\""u8);
        xml.Value(Node);
        xml.Markup("\">"u8);
        if (Item is not null)
        {
            xml.Markup("<item>"u8);
            UnicastItemCodec.Write(xml, Item);
            xml.Markup("</item>"u8);
        }

        xml.Markup("</publish>"u8);
        IqEnvelope.End(xml);
    }
}

/// <summary>Agent to control node, second of two: adds the published route to the VRF (associate) or takes it out (dissociate).</summary>
public sealed record CollectionStanza(string Vrf, string Node, bool IsAssociate) : Stanza
{
    public string Id { get; init; } = "";

    public override void Write(IBufferWriter<byte> output)
    {
        var xml = new Utf8XmlWriter(output);
        IqEnvelope.Begin(xml, this, Id);
        xml.Markup("<collection node=\""u8);
        xml.Value(Vrf);
        xml.Markup(IsAssociate ? "\"><associate node=\""u8 : "\"><dissociate node=\""u8);
        xml.Value(Node);
        xml.Markup("\"/></collection>"u8);
        IqEnvelope.End(xml);
    }
}
