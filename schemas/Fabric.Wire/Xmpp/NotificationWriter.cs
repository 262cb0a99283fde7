using System.Buffers;

namespace Fabric.Wire.Xmpp;

/// <summary>
/// Writes notifications so that a route's item is encoded once for all agents: only the first line, with the agent's name, is
/// each agent's own.
/// </summary>
public static class NotificationWriter
{
    public const int MaximumItems = 32;

    public const int MaximumRetracts = 256;

    /// <summary>Encodes the item element that <see cref="WriteItems"/> puts into messages.</summary>
    public static void EncodeItem(IBufferWriter<byte> output, string id, UnicastItem item)
    {
        var xml = new Utf8XmlWriter(output);
        xml.Markup("<item id=\""u8);
        xml.Value(id);
        xml.Markup("\">"u8);
        UnicastItemCodec.Write(xml, item);
        xml.Markup("</item>"u8);
    }

    /// <summary>
    /// Writes as many messages as the items need: <see cref="MaximumItems"/> go into one, or fewer that have
    /// <see cref="XmppFramer.SufficientStanzaBytes"/> together, or one that alone has more.
    /// </summary>
    /// <param name="output">Where to.</param>
    /// <param name="agent">The agent's name, without resource.</param>
    /// <param name="table">The table's node (<see cref="RouteNode.Table"/>).</param>
    /// <param name="items">Item elements, encoded.</param>
    public static void WriteItems(IBufferWriter<byte> output, string agent, string table, ReadOnlySpan<ReadOnlyMemory<byte>> items)
    {
        var xml = new Utf8XmlWriter(output);
        while (!items.IsEmpty)
        {
            var count = StanzaRoom.Take(items, MaximumItems);
            BeginTable(xml, agent, table);
            foreach (var item in items[..count])
            {
                xml.Markup(item.Span);
            }

            EndMessage(xml);
            items = items[count..];
        }
    }

    /// <summary>Writes as many messages as the retracts need.</summary>
    public static void WriteRetracts(IBufferWriter<byte> output, string agent, string table, ReadOnlySpan<string> ids)
    {
        var xml = new Utf8XmlWriter(output);
        for (; !ids.IsEmpty; ids = ids[Math.Min(ids.Length, MaximumRetracts)..])
        {
            BeginTable(xml, agent, table);
            foreach (var id in ids[..Math.Min(ids.Length, MaximumRetracts)])
            {
                xml.Markup("<retract id=\""u8);
                xml.Value(id);
                xml.Markup("\" />"u8);
            }

            EndMessage(xml);
        }
    }

    private static void BeginTable(Utf8XmlWriter xml, string agent, string table)
    {
        BeginMessage(xml, XmppNames.ControlNode, agent + XmppNames.RouteResource);
        xml.Value(table);
        xml.Markup("\">"u8);
    }

    internal static void BeginMessage(Utf8XmlWriter xml, string from, string to)
    {
        xml.Markup("<message from=\""u8);
        xml.Value(from);
        xml.Markup("\" to=\""u8);
        xml.Value(to);
        xml.Markup("\"><event xmlns=\"http://jabber.org/protocol/pubsub\"><items node=\""u8);
    }

    internal static void EndMessage(Utf8XmlWriter xml) => xml.Markup("</items></event></message>"u8);
}
