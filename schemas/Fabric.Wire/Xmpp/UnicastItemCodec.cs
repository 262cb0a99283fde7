using System.Buffers;
using Fabric.Primitives;

namespace Fabric.Wire.Xmpp;

/// <summary>
/// The entry element of a <see cref="UnicastItem"/>. Written with children in the schema's order and every scalar there, 0, false or
/// empty when unset. Read in any order; what is missing is unset, what is unknown is passed over.
/// </summary>
public static class UnicastItemCodec
{
    public static void Write(IBufferWriter<byte> output, UnicastItem item) => Write(new Utf8XmlWriter(output), item);

    internal static void Write(Utf8XmlWriter xml, UnicastItem item)
    {
        xml.Markup("<entry><nlri>"u8);
        xml.Element("af"u8, item.Family.Afi);
        xml.Element("safi"u8, item.Family.Safi);
        xml.Markup("<address>"u8);
        xml.Value(item.Prefix);
        xml.Markup("</address></nlri><next-hops>"u8);
        foreach (var nextHop in item.NextHops)
        {
            Write(xml, nextHop);
        }

        xml.Markup("</next-hops>"u8);
        xml.Element("version"u8, item.Version);
        xml.Element("virtual-network"u8, item.VirtualNetwork);
        xml.Markup("<mobility sticky=\""u8);
        xml.Value(item.Mobility.IsSticky);
        xml.Markup("\" seqno=\""u8);
        xml.Value(item.Mobility.Sequence);
        xml.Markup("\"/>"u8);
        WriteList(xml, "peers"u8, "peer"u8, item.Peers);
        xml.Element("sequence-number"u8, item.SequenceNumber);
        xml.Open("security-group-list"u8);
        foreach (var group in item.SecurityGroups)
        {
            xml.Element("security-group"u8, group);
        }

        xml.Close("security-group-list"u8);
        WriteList(xml, "community-tag-list"u8, "community-tag"u8, item.CommunityTags);
        xml.Element("local-preference"u8, item.LocalPreference);
        xml.Element("med"u8, item.Med);
        xml.Open("load-balance"u8);
        if (item.LoadBalance is { } balance)
        {
            WriteList(xml, "load-balance-fields"u8, "load-balance-field-list"u8, balance.Fields);
            xml.Element("load-balance-decision"u8, balance.Decision);
        }

        xml.Close("load-balance"u8);
        xml.Element("sub-protocol"u8, item.SubProtocol);
        xml.Markup("</entry>"u8);
    }

    private static void Write(Utf8XmlWriter xml, ItemNextHop nextHop)
    {
        xml.Markup("<next-hop><af>"u8);
        xml.Value(nextHop.Address.IsIpv4 ? 1u : 2u);
        xml.Markup("</af><address>"u8);
        xml.Value(nextHop.Address);
        xml.Markup("</address>"u8);
        xml.Element("mac"u8, nextHop.MacAddress?.ToString() ?? "");
        xml.Element("label"u8, nextHop.Label);
        xml.Element("vni"u8, nextHop.Vni);
        xml.Open("tunnel-encapsulation-list"u8);
        WriteEncapsulation(xml, nextHop, TunnelEncapsulations.MplsOverGre, "gre"u8);
        WriteEncapsulation(xml, nextHop, TunnelEncapsulations.MplsOverUdp, "udp"u8);
        WriteEncapsulation(xml, nextHop, TunnelEncapsulations.Vxlan, "vxlan"u8);
        xml.Close("tunnel-encapsulation-list"u8);
        xml.Element("virtual-network"u8, nextHop.VirtualNetwork);
        xml.Open("tag-list"u8);
        foreach (var tag in nextHop.Tags)
        {
            xml.Element("tag"u8, tag);
        }

        xml.Close("tag-list"u8);
        xml.Element("is-new-tags-list"u8, nextHop.IsNewTagsList);
        xml.Element("local-sequence-number"u8, nextHop.LocalSequenceNumber);
        xml.Markup("</next-hop>"u8);
    }

    private static void WriteEncapsulation(
        Utf8XmlWriter xml,
        ItemNextHop nextHop,
        TunnelEncapsulations encapsulation,
        ReadOnlySpan<byte> name
    )
    {
        if ((nextHop.Encapsulations & encapsulation) != TunnelEncapsulations.None)
        {
            xml.Open("tunnel-encapsulation"u8);
            xml.Markup(name);
            xml.Close("tunnel-encapsulation"u8);
        }
    }

    private static void WriteList(Utf8XmlWriter xml, ReadOnlySpan<byte> list, ReadOnlySpan<byte> element, EquatableArray<string> values)
    {
        xml.Open(list);
        foreach (var value in values)
        {
            xml.Element(element, value);
        }

        xml.Close(list);
    }
}
