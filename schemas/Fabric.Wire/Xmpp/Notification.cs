using System.Buffers;
using Fabric.Primitives;

namespace Fabric.Wire.Xmpp;

/// <summary>
/// Control node to agent: routes of one table, new or changed.
/// <code>
/// &lt;message from="network-control@contrailsystems.com" to="host7/bgp-peer">&lt;event xmlns="http://jabber.org/protocol/pubsub">
///   &lt;items node="1/1/VRF">&lt;item id="10.20.0.9/32">&lt;entry>...&lt;/entry>&lt;/item>...&lt;/items>&lt;/event>&lt;/message>
/// </code>
/// and routes gone, with retract elements in place of items. The control node sends one kind in a message; both are read.
/// Written by <see cref="NotificationWriter"/>.
/// </summary>
public sealed record NotificationStanza(AddressFamily Family, string Vrf) : Stanza
{
    public EquatableArray<NotifiedItem> Items { get; init; }

    /// <summary>Ids of routes that are gone.</summary>
    public EquatableArray<string> Retracts { get; init; }
}

/// <summary>A route under its id; without an item where it could not be read, and then with the reason.</summary>
public sealed record NotifiedItem(string Id, UnicastItem? Item, string? ItemFault);

/// <summary>
/// Either way: all that the sender had is sent. Read in all forms that are about: a message with items node "0/0/EndOfRib", a
/// message without items, a publish without an item. Written in the first.
/// </summary>
public sealed record EndOfRibStanza : Stanza
{
    public override void Write(IBufferWriter<byte> output)
    {
        var xml = new Utf8XmlWriter(output);
        NotificationWriter.BeginMessage(xml, From, To);
        xml.Value(XmppNames.EndOfRibNode);
        xml.Markup("\">"u8);
        NotificationWriter.EndMessage(xml);
    }
}
