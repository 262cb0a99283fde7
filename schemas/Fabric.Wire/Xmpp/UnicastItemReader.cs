using Fabric.Primitives;

namespace Fabric.Wire.Xmpp;

/// <summary>Reads an entry element into a <see cref="UnicastItem"/>. The first field that is out of form makes the item's fault.</summary>
internal ref struct UnicastItemReader(Utf8StringCache cache)
{
    private ItemValueReader _values = new(cache);

    public readonly string? Fault => _values.Fault;

    /// <summary>Reads the element just begun. Null with a fault when it is no usable item.</summary>
    public UnicastItem? Read(ref XmlSpanReader xml)
    {
        var depth = xml.Depth;
        AddressFamily? family = null;
        IpPrefix? prefix = null;
        var item = new UnicastItemFields();
        while (xml.ReadChild(depth))
        {
            if (xml.Name.SequenceEqual("nlri"u8))
            {
                ReadNlri(ref xml, out family, out prefix);
            }
            else
            {
                ReadField(ref xml, ref item);
            }
        }

        if (family is null || prefix is null)
        {
            _values.Fault ??= "no nlri";
        }
        else if (!RouteNode.IsUnicast(family.Value) || (prefix.Value.Kind == AddressKind.Ipv4) != (family.Value.Afi == 1))
        {
            _values.Fault ??= $"family {family.Value.Afi}/{family.Value.Safi} does not fit {prefix}";
        }

        return Fault is null && !xml.IsFaulted ? item.ToItem(family!.Value, prefix!.Value) : null;
    }

    private void ReadNlri(ref XmlSpanReader xml, out AddressFamily? family, out IpPrefix? prefix)
    {
        ulong afi = 0;
        ulong safi = 0;
        prefix = null;
        var depth = xml.Depth;
        while (xml.ReadChild(depth))
        {
            if (xml.Name.SequenceEqual("af"u8))
            {
                afi = _values.Number(ref xml, ushort.MaxValue);
            }
            else if (xml.Name.SequenceEqual("safi"u8))
            {
                safi = _values.Number(ref xml, byte.MaxValue);
            }
            else if (xml.Name.SequenceEqual("address"u8))
            {
                prefix = _values.Prefix(ref xml);
            }
        }

        family = new AddressFamily((ushort)afi, (byte)safi);
    }

    private void ReadField(ref XmlSpanReader xml, ref UnicastItemFields item)
    {
        var name = xml.Name;
        if (name.SequenceEqual("next-hops"u8))
        {
            var depth = xml.Depth;
            while (xml.ReadChild(depth))
            {
                if (xml.Name.SequenceEqual("next-hop"u8) && ReadNextHop(ref xml) is { } nextHop)
                {
                    item.NextHops.Add(nextHop);
                }
            }
        }
        else if (name.SequenceEqual("version"u8))
        {
            item.Version = (uint)_values.Number(ref xml, uint.MaxValue);
        }
        else if (name.SequenceEqual("virtual-network"u8))
        {
            item.VirtualNetwork = _values.Text(ref xml);
        }
        else if (name.SequenceEqual("mobility"u8))
        {
            item.Mobility = new ItemMobility(
                ItemValueReader.Flag(xml.Attribute("sticky"u8)),
                (uint)_values.Number(xml.Attribute("seqno"u8), "mobility", uint.MaxValue)
            );
        }
        else if (name.SequenceEqual("peers"u8))
        {
            item.Peers = _values.Texts(ref xml);
        }
        else if (name.SequenceEqual("sequence-number"u8))
        {
            item.SequenceNumber = (uint)_values.Number(ref xml, uint.MaxValue);
        }
        else if (name.SequenceEqual("security-group-list"u8))
        {
            var depth = xml.Depth;
            var groups = new List<uint>();
            while (xml.ReadChild(depth))
            {
                groups.Add((uint)_values.Number(ref xml, uint.MaxValue));
            }

            item.SecurityGroups = [.. groups];
        }
        else if (name.SequenceEqual("community-tag-list"u8))
        {
            item.CommunityTags = _values.Texts(ref xml);
        }
        else if (name.SequenceEqual("local-preference"u8))
        {
            item.LocalPreference = (uint)_values.Number(ref xml, uint.MaxValue);
        }
        else if (name.SequenceEqual("med"u8))
        {
            item.Med = (uint)_values.Number(ref xml, uint.MaxValue);
        }
        else if (name.SequenceEqual("load-balance"u8))
        {
            item.LoadBalance = ReadLoadBalance(ref xml);
        }
        else if (name.SequenceEqual("sub-protocol"u8))
        {
            item.SubProtocol = _values.Text(ref xml);
        }
    }

    private ItemNextHop? ReadNextHop(ref XmlSpanReader xml)
    {
        var depth = xml.Depth;
        var nextHop = new ItemNextHop { Address = default };
        while (xml.ReadChild(depth))
        {
            var name = xml.Name;
            if (name.SequenceEqual("address"u8))
            {
                nextHop = nextHop with { Address = _values.Address(ref xml) };
            }
            else if (name.SequenceEqual("mac"u8))
            {
                nextHop = nextHop with { MacAddress = _values.Mac(ref xml) };
            }
            else if (name.SequenceEqual("label"u8))
            {
                nextHop = nextHop with { Label = (uint)_values.Number(ref xml, uint.MaxValue) };
            }
            else if (name.SequenceEqual("vni"u8))
            {
                nextHop = nextHop with { Vni = (uint)_values.Number(ref xml, uint.MaxValue) };
            }
            else if (name.SequenceEqual("tunnel-encapsulation-list"u8))
            {
                var encapsulations = ReadEncapsulations(ref xml, out var hasUnknown);
                nextHop = nextHop with { Encapsulations = encapsulations, HasUnknownEncapsulation = hasUnknown };
            }
            else if (name.SequenceEqual("virtual-network"u8))
            {
                nextHop = nextHop with { VirtualNetwork = _values.Text(ref xml) };
            }
            else if (name.SequenceEqual("tag-list"u8))
            {
                nextHop = nextHop with { Tags = ReadTags(ref xml) };
            }
            else if (name.SequenceEqual("is-new-tags-list"u8))
            {
                nextHop = nextHop with { IsNewTagsList = ItemValueReader.Flag(ref xml) };
            }
            else if (name.SequenceEqual("local-sequence-number"u8))
            {
                nextHop = nextHop with { LocalSequenceNumber = (uint)_values.Number(ref xml, uint.MaxValue) };
            }
        }

        if (nextHop.Address.IsNone)
        {
            _values.Fault ??= "next hop without an address";
        }

        return Fault is null ? nextHop : null;
    }

    private static TunnelEncapsulations ReadEncapsulations(ref XmlSpanReader xml, out bool hasUnknown)
    {
        var depth = xml.Depth;
        var encapsulations = TunnelEncapsulations.None;
        hasUnknown = false;
        while (xml.ReadChild(depth))
        {
            var name = xml.ReadElementText();
            var known =
                name.SequenceEqual("gre"u8) ? TunnelEncapsulations.MplsOverGre
                : name.SequenceEqual("udp"u8) ? TunnelEncapsulations.MplsOverUdp
                : name.SequenceEqual("vxlan"u8) ? TunnelEncapsulations.Vxlan
                : TunnelEncapsulations.None;
            encapsulations |= known;
            hasUnknown |= known == TunnelEncapsulations.None;
        }

        return encapsulations;
    }

    private EquatableArray<ulong> ReadTags(ref XmlSpanReader xml)
    {
        var depth = xml.Depth;
        var tags = new List<ulong>();
        while (xml.ReadChild(depth))
        {
            tags.Add(_values.Number(ref xml, ulong.MaxValue));
        }

        return [.. tags];
    }

    private ItemLoadBalance? ReadLoadBalance(ref XmlSpanReader xml)
    {
        var depth = xml.Depth;
        EquatableArray<string> fields = [];
        var decision = "";
        while (xml.ReadChild(depth))
        {
            if (xml.Name.SequenceEqual("load-balance-fields"u8))
            {
                fields = _values.Texts(ref xml);
            }
            else if (xml.Name.SequenceEqual("load-balance-decision"u8))
            {
                decision = _values.Text(ref xml);
            }
        }

        return fields.IsEmpty && decision.Length == 0 ? null : new ItemLoadBalance(fields, decision);
    }
}
