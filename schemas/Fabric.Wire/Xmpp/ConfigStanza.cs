using System.Buffers;
using Fabric.Primitives;

namespace Fabric.Wire.Xmpp;

/// <summary>
/// Control node to agent: objects of the host's view that are new or changed, and those that are gone. The objects are node
/// elements whose insides are the model's matter; here they are bytes.
/// <code>
/// &lt;iq type="set" from="network-control@contrailsystems.com" to="default-global-system-config:host7/config">
///   &lt;config generation="7">&lt;update>&lt;node type="port">&lt;name>...&lt;/name>...&lt;/node>&lt;/update>
///     &lt;delete>&lt;node type="port">&lt;name>...&lt;/name>&lt;/node>&lt;/delete>&lt;/config>&lt;/iq>
/// </code>
/// Generation grows with each change of the view. With IsEnd the config element holds end-of-config: the view is whole at that generation,
/// and what an agent holds from earlier sessions and was not told of since is gone. Old peers have neither; a missing generation is 0.
/// </summary>
public sealed record ConfigStanza(ulong Generation) : Stanza
{
    /// <summary>Objects a stanza; fewer where they have <see cref="XmppFramer.SufficientStanzaBytes"/>.</summary>
    public const int MaximumObjects = 16;

    /// <summary>Node elements as XML in UTF-8.</summary>
    public EquatableArray<ReadOnlyMemory<byte>> Updates { get; init; }

    /// <summary>Node elements with type and name.</summary>
    public EquatableArray<ReadOnlyMemory<byte>> Deletes { get; init; }

    public bool IsEnd { get; init; }

    /// <summary>Writes one stanza; who has more than <see cref="MaximumObjects"/> uses <see cref="ConfigWriter"/>.</summary>
    public override void Write(IBufferWriter<byte> output)
    {
        var xml = new Utf8XmlWriter(output);
        xml.Markup("<iq type=\"set\" from=\""u8);
        xml.Value(From);
        xml.Markup("\" to=\""u8);
        xml.Value(To);
        xml.Markup("\"><config generation=\""u8);
        xml.Value(Generation);
        xml.Markup("\">"u8);
        WriteObjects(xml, "update"u8, Updates);
        WriteObjects(xml, "delete"u8, Deletes);
        xml.Markup(IsEnd ? "<end-of-config/></config></iq>"u8 : "</config></iq>"u8);
    }

    private static void WriteObjects(Utf8XmlWriter xml, ReadOnlySpan<byte> name, EquatableArray<ReadOnlyMemory<byte>> objects)
    {
        if (objects.IsEmpty)
        {
            return;
        }

        xml.Open(name);
        foreach (var node in objects)
        {
            xml.Markup(node.Span);
        }

        xml.Close(name);
    }
}

/// <summary>Writes a change of a host's view as stanzas of bounded size.</summary>
public static class ConfigWriter
{
    /// <param name="output">Where to.</param>
    /// <param name="virtualRouter">The virtual router's name (<see cref="XmppNames.VirtualRouter"/>).</param>
    /// <param name="generation">The view's generation after the change.</param>
    /// <param name="updates">Node elements of new and changed objects.</param>
    /// <param name="deletes">Node elements with type and name of objects that are gone.</param>
    public static void WriteChange(
        IBufferWriter<byte> output,
        string virtualRouter,
        ulong generation,
        ReadOnlySpan<ReadOnlyMemory<byte>> updates,
        ReadOnlySpan<ReadOnlyMemory<byte>> deletes
    )
    {
        while (!updates.IsEmpty || !deletes.IsEmpty)
        {
            var updateCount = StanzaRoom.Take(updates, ConfigStanza.MaximumObjects);
            var deleteCount = Math.Min(deletes.Length, ConfigStanza.MaximumObjects - updateCount);
            (
                Address(virtualRouter, generation) with
                {
                    Updates = [.. updates[..updateCount]],
                    Deletes = [.. deletes[..deleteCount]],
                }
            ).Write(output);
            updates = updates[updateCount..];
            deletes = deletes[deleteCount..];
        }
    }

    /// <summary>Marks the view whole at the generation.</summary>
    public static void WriteEnd(IBufferWriter<byte> output, string virtualRouter, ulong generation) =>
        (Address(virtualRouter, generation) with { IsEnd = true }).Write(output);

    private static ConfigStanza Address(string virtualRouter, ulong generation) =>
        new(generation) { From = XmppNames.ControlNode, To = virtualRouter + XmppNames.ConfigResource };
}
