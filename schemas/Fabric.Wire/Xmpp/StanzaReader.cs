using System.Text;
using System.Text.Unicode;

namespace Fabric.Wire.Xmpp;

/// <summary>
/// Reads the stanzas of one session, as either end. Keeps only a cache of names; each stanza stands for itself. The namespaces of
/// elements are not looked at, unknown elements are passed over, and elements may come in any order, as with the peers' own readers.
/// </summary>
public sealed class StanzaReader
{
    private readonly Utf8StringCache _names = new();

    /// <summary>Reads the bytes of a <see cref="XmppFrameKind.Stanza"/> frame. Never throws for what they hold.</summary>
    public Stanza Read(ReadOnlySpan<byte> bytes)
    {
        if (!Utf8.IsValid(bytes))
        {
            return new MalformedStanza("not UTF-8");
        }

        var xml = new XmlSpanReader(bytes);
        if (xml.Read() != XmlNodeKind.StartElement)
        {
            return new MalformedStanza(xml.Fault ?? "no element");
        }

        var from = _names.Get(xml.Attribute("from"u8));
        var to = _names.Get(xml.Attribute("to"u8));
        var stanza = ReadBody(ref xml, to);
        while (xml.Read() is not (XmlNodeKind.End or XmlNodeKind.Fault)) { }

        return xml.IsFaulted ? new MalformedStanza(xml.Fault!) : stanza with { From = from, To = to };
    }

    private Stanza ReadBody(ref XmlSpanReader xml, string to)
    {
        var name = xml.Name;
        if (name.SequenceEqual("iq"u8))
        {
            return ReadIq(ref xml, to);
        }

        if (name.SequenceEqual("message"u8))
        {
            return ReadMessage(ref xml);
        }

        if (name.SequenceEqual("stream:features"u8))
        {
            var offersTls = xml.ReadChild(1) && xml.Name.SequenceEqual("starttls"u8);
            return new StreamFeatures(offersTls);
        }

        return name.SequenceEqual("starttls"u8) ? new StartTlsRequest()
            : name.SequenceEqual("proceed"u8) ? new TlsProceed()
            : new UnknownStanza(Encoding.UTF8.GetString(name));
    }

    private Stanza ReadIq(ref XmlSpanReader xml, string to)
    {
        var id = XmlText.Decode(xml.Attribute("id"u8));
        if (!xml.ReadChild(1))
        {
            return new UnknownStanza("iq");
        }

        if (xml.Name.SequenceEqual("config"u8))
        {
            return ReadConfig(ref xml);
        }

        if (!xml.Name.SequenceEqual("pubsub"u8))
        {
            return new UnknownStanza(Encoding.UTF8.GetString(xml.Name));
        }

        Stanza? found = null;
        var options = new SubscriptionOptions();
        while (xml.ReadChild(2))
        {
            var node = xml.Attribute("node"u8);
            if (xml.Name.SequenceEqual("options"u8))
            {
                options.Read(ref xml);
            }
            else if (xml.Name.SequenceEqual("subscribe"u8))
            {
                found ??= ReadSubscription(ref xml, ref options, _names.Get(node), to, isSubscribe: true);
            }
            else if (xml.Name.SequenceEqual("unsubscribe"u8))
            {
                found ??= ReadSubscription(ref xml, ref options, _names.Get(node), to, isSubscribe: false);
            }
            else if (xml.Name.SequenceEqual("publish"u8))
            {
                found ??= ReadPublish(ref xml, XmlText.Decode(node)) is PublishStanza publish
                    ? publish with
                    {
                        Id = id,
                    }
                    : new EndOfRibStanza();
            }
            else if (xml.Name.SequenceEqual("collection"u8))
            {
                found ??= ReadCollection(ref xml, _names.Get(node), id);
            }
        }

        if (options.Fault is not null)
        {
            return new MalformedStanza(options.Fault);
        }

        return found switch
        {
            SubscribeStanza subscribe => subscribe with { InstanceId = options.InstanceId, NoRibOut = options.NoRibOut, Id = id },
            UnsubscribeStanza unsubscribe => unsubscribe with { InstanceId = options.InstanceId, Id = id },
            null => new UnknownStanza("pubsub"),
            _ => found,
        };
    }

    private static Stanza ReadSubscription(ref XmlSpanReader xml, ref SubscriptionOptions options, string node, string to, bool isSubscribe)
    {
        while (xml.ReadChild(3))
        {
            if (xml.Name.SequenceEqual("options"u8))
            {
                options.Read(ref xml);
            }
        }

        if (node.Length == 0)
        {
            return new MalformedStanza("subscription without a node");
        }

        if (to.EndsWith(XmppNames.ConfigResource, StringComparison.Ordinal))
        {
            return isSubscribe ? new ConfigSubscribeStanza(node) : new ConfigUnsubscribeStanza(node);
        }

        return isSubscribe ? new SubscribeStanza(node, 0) : new UnsubscribeStanza(node, 0);
    }

    /// <summary>Null where there is no item at all: an End-of-RIB.</summary>
    private PublishStanza? ReadPublish(ref XmlSpanReader xml, string node)
    {
        PublishStanza? publish = null;
        while (xml.ReadChild(3))
        {
            if (xml.Name.SequenceEqual("item"u8) && publish is null)
            {
                var item = ReadItem(ref xml, node, out var fault);
                publish = new PublishStanza(node, item) { ItemFault = fault };
            }
        }

        return publish;
    }

    private static Stanza ReadCollection(ref XmlSpanReader xml, string vrf, string id)
    {
        Stanza? found = null;
        while (xml.ReadChild(3))
        {
            var isAssociate = xml.Name.SequenceEqual("associate"u8);
            if (isAssociate || xml.Name.SequenceEqual("dissociate"u8))
            {
                found ??= new CollectionStanza(vrf, XmlText.Decode(xml.Attribute("node"u8)), isAssociate) { Id = id };
            }
        }

        return found ?? new MalformedStanza("collection without associate or dissociate");
    }

    private Stanza ReadMessage(ref XmlSpanReader xml)
    {
        Stanza? found = null;
        while (xml.ReadChild(1))
        {
            if (!xml.Name.SequenceEqual("event"u8))
            {
                continue;
            }

            while (xml.ReadChild(2))
            {
                if (xml.Name.SequenceEqual("items"u8))
                {
                    found ??= ReadItems(ref xml);
                }
            }
        }

        return found ?? new EndOfRibStanza();
    }

    private Stanza ReadItems(ref XmlSpanReader xml)
    {
        var table = _names.Get(xml.Attribute("node"u8));
        if (table == XmppNames.EndOfRibNode)
        {
            return new EndOfRibStanza();
        }

        if (!RouteNode.TryParse(table, out var family, out var vrf))
        {
            return new MalformedStanza("items of no table");
        }

        var items = new List<NotifiedItem>();
        var retracts = new List<string>();
        while (xml.ReadChild(3))
        {
            var id = XmlText.Decode(xml.Attribute("id"u8));
            if (xml.Name.SequenceEqual("item"u8))
            {
                var item = ReadItem(ref xml, table, out var fault);
                items.Add(new NotifiedItem(id, item, fault));
            }
            else if (xml.Name.SequenceEqual("retract"u8))
            {
                retracts.Add(id);
            }
        }

        return new NotificationStanza(family, vrf) { Items = [.. items], Retracts = [.. retracts] };
    }

    /// <summary>Reads an item element by the family of its node; here other families' items will branch off.</summary>
    private UnicastItem? ReadItem(ref XmlSpanReader xml, string node, out string? fault)
    {
        fault = null;
        if (!RouteNode.TryParse(node, out var family, out _))
        {
            fault = $"'{node}' names no family";
            return null;
        }

        if (!RouteNode.IsUnicast(family))
        {
            fault = $"family {family.Afi}/{family.Safi} is not carried";
            return null;
        }

        var depth = xml.Depth;
        while (xml.ReadChild(depth))
        {
            if (xml.Name.SequenceEqual("entry"u8))
            {
                var reader = new UnicastItemReader(_names);
                var item = reader.Read(ref xml);
                fault = item is not null && item.Family != family ? "the item's family is not its node's" : reader.Fault;
                return fault is null ? item : null;
            }
        }

        fault = "no entry";
        return null;
    }

    private static Stanza ReadConfig(ref XmlSpanReader xml)
    {
        if (!XmlText.TryParse(xml.Attribute("generation"u8), out var generation))
        {
            return new MalformedStanza("config generation is out of form");
        }

        var updates = new List<ReadOnlyMemory<byte>>();
        var deletes = new List<ReadOnlyMemory<byte>>();
        var isEnd = false;
        while (xml.ReadChild(2))
        {
            isEnd |= xml.Name.SequenceEqual("end-of-config"u8);
            var list =
                xml.Name.SequenceEqual("update"u8) ? updates
                : xml.Name.SequenceEqual("delete"u8) ? deletes
                : null;
            while (list is not null && xml.ReadChild(3))
            {
                list.Add(xml.ReadOuter().ToArray());
            }
        }

        return new ConfigStanza(generation)
        {
            Updates = [.. updates],
            Deletes = [.. deletes],
            IsEnd = isEnd,
        };
    }

    private ref struct SubscriptionOptions()
    {
        public uint InstanceId { get; private set; }

        public bool NoRibOut { get; private set; }

        public string? Fault { get; private set; }

        public void Read(ref XmlSpanReader xml)
        {
            var depth = xml.Depth;
            while (xml.ReadChild(depth))
            {
                if (xml.Name.SequenceEqual("instance-id"u8))
                {
                    var isNumber = XmlText.TryParse(xml.ReadElementText(), out var value) && value <= uint.MaxValue;
                    InstanceId = (uint)value;
                    Fault ??= isNumber ? null : "instance-id is out of form";
                }
                else if (xml.Name.SequenceEqual("no-ribout"u8))
                {
                    NoRibOut = xml.ReadElementText().SequenceEqual("true"u8);
                }
            }
        }
    }
}
