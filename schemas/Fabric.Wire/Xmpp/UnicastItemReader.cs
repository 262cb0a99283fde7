using System.Buffers.Text;
using System.Text;
using Fabric.Primitives;

namespace Fabric.Wire.Xmpp;

/// <summary>Reads an entry element into a <see cref="UnicastItem"/>. The first field that is out of form makes the item's fault.</summary>
internal ref struct UnicastItemReader(Utf8StringCache cache)
{
    private const int LongestAddress = 64;

    private readonly Utf8StringCache _cache = cache;

    public string? Fault { get; private set; }

    /// <summary>Reads the element just begun. Null with a fault when it is no usable item.</summary>
    public UnicastItem? Read(ref XmlSpanReader xml)
    {
        var depth = xml.Depth;
        AddressFamily? family = null;
        IpPrefix? prefix = null;
        var item = new ItemFields();
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
            Fault ??= "no nlri";
        }
        else if (!RouteNode.IsUnicast(family.Value) || (prefix.Value.Kind == AddressKind.Ipv4) != (family.Value.Afi == 1))
        {
            Fault ??= $"family {family.Value.Afi}/{family.Value.Safi} does not fit {prefix}";
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
                afi = Number(ref xml, ushort.MaxValue);
            }
            else if (xml.Name.SequenceEqual("safi"u8))
            {
                safi = Number(ref xml, byte.MaxValue);
            }
            else if (xml.Name.SequenceEqual("address"u8))
            {
                prefix = Prefix(ref xml);
            }
        }

        family = new AddressFamily((ushort)afi, (byte)safi);
    }

    private void ReadField(ref XmlSpanReader xml, ref ItemFields item)
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
            item.Version = (uint)Number(ref xml, uint.MaxValue);
        }
        else if (name.SequenceEqual("virtual-network"u8))
        {
            item.VirtualNetwork = Text(ref xml);
        }
        else if (name.SequenceEqual("mobility"u8))
        {
            item.Mobility = new ItemMobility(
                xml.Attribute("sticky"u8) is var sticky && (sticky.SequenceEqual("true"u8) || sticky.SequenceEqual("1"u8)),
                (uint)Number(xml.Attribute("seqno"u8), "mobility", uint.MaxValue)
            );
        }
        else if (name.SequenceEqual("peers"u8))
        {
            item.Peers = Texts(ref xml);
        }
        else if (name.SequenceEqual("sequence-number"u8))
        {
            item.SequenceNumber = (uint)Number(ref xml, uint.MaxValue);
        }
        else if (name.SequenceEqual("security-group-list"u8))
        {
            var depth = xml.Depth;
            var groups = new List<uint>();
            while (xml.ReadChild(depth))
            {
                groups.Add((uint)Number(ref xml, uint.MaxValue));
            }

            item.SecurityGroups = [.. groups];
        }
        else if (name.SequenceEqual("community-tag-list"u8))
        {
            item.CommunityTags = Texts(ref xml);
        }
        else if (name.SequenceEqual("local-preference"u8))
        {
            item.LocalPreference = (uint)Number(ref xml, uint.MaxValue);
        }
        else if (name.SequenceEqual("med"u8))
        {
            item.Med = (uint)Number(ref xml, uint.MaxValue);
        }
        else if (name.SequenceEqual("load-balance"u8))
        {
            item.LoadBalance = ReadLoadBalance(ref xml);
        }
        else if (name.SequenceEqual("sub-protocol"u8))
        {
            item.SubProtocol = Text(ref xml);
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
                nextHop = nextHop with { Address = Address(ref xml) };
            }
            else if (name.SequenceEqual("mac"u8))
            {
                nextHop = nextHop with { MacAddress = Mac(ref xml) };
            }
            else if (name.SequenceEqual("label"u8))
            {
                nextHop = nextHop with { Label = (uint)Number(ref xml, uint.MaxValue) };
            }
            else if (name.SequenceEqual("vni"u8))
            {
                nextHop = nextHop with { Vni = (uint)Number(ref xml, uint.MaxValue) };
            }
            else if (name.SequenceEqual("tunnel-encapsulation-list"u8))
            {
                var encapsulations = ReadEncapsulations(ref xml, out var hasUnknown);
                nextHop = nextHop with { Encapsulations = encapsulations, HasUnknownEncapsulation = hasUnknown };
            }
            else if (name.SequenceEqual("virtual-network"u8))
            {
                nextHop = nextHop with { VirtualNetwork = Text(ref xml) };
            }
            else if (name.SequenceEqual("tag-list"u8))
            {
                nextHop = nextHop with { Tags = ReadTags(ref xml) };
            }
            else if (name.SequenceEqual("is-new-tags-list"u8))
            {
                nextHop = nextHop with { IsNewTagsList = Flag(ref xml) };
            }
            else if (name.SequenceEqual("local-sequence-number"u8))
            {
                nextHop = nextHop with { LocalSequenceNumber = (uint)Number(ref xml, uint.MaxValue) };
            }
        }

        if (nextHop.Address.IsNone)
        {
            Fault ??= "next hop without an address";
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
            tags.Add(Number(ref xml, ulong.MaxValue));
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
                fields = Texts(ref xml);
            }
            else if (xml.Name.SequenceEqual("load-balance-decision"u8))
            {
                decision = Text(ref xml);
            }
        }

        return fields.IsEmpty && decision.Length == 0 ? null : new ItemLoadBalance(fields, decision);
    }

    private readonly string Text(ref XmlSpanReader xml) => _cache.Get(xml.ReadElementText());

    private readonly EquatableArray<string> Texts(ref XmlSpanReader xml)
    {
        var depth = xml.Depth;
        var texts = new List<string>();
        while (xml.ReadChild(depth))
        {
            texts.Add(Text(ref xml));
        }

        return [.. texts];
    }

    private static bool Flag(ref XmlSpanReader xml)
    {
        var text = xml.ReadElementText();
        return text.SequenceEqual("true"u8) || text.SequenceEqual("1"u8);
    }

    private ulong Number(ref XmlSpanReader xml, ulong maximum)
    {
        var name = xml.Name;
        var text = xml.ReadElementText();
        return XmlText.TryParse(text, out var value) && value <= maximum ? value : Refuse(Encoding.UTF8.GetString(name));
    }

    private ulong Number(ReadOnlySpan<byte> text, string name, ulong maximum) =>
        XmlText.TryParse(text, out var value) && value <= maximum ? value : Refuse(name);

    private ulong Refuse(string name)
    {
        Fault ??= $"{name} is out of form";
        return 0;
    }

    private MacAddress? Mac(ref XmlSpanReader xml)
    {
        var text = xml.ReadElementText();
        if (text.IsEmpty)
        {
            return null;
        }

        if (!MacAddress.TryParse(_cache.Get(text), out var mac))
        {
            Refuse("mac");
        }

        return mac;
    }

    private IpAddress Address(ref XmlSpanReader xml)
    {
        var text = xml.ReadElementText();
        if (TryReadIpv4(text, out var ipv4, out var length) && length == text.Length)
        {
            return IpAddress.FromIpv4(ipv4);
        }

        if (text.Length > LongestAddress || !IpAddress.TryParse(Encoding.UTF8.GetString(text), out var address))
        {
            Refuse("address");
            return default;
        }

        return address;
    }

    private IpPrefix? Prefix(ref XmlSpanReader xml)
    {
        var text = xml.ReadElementText();
        if (
            TryReadIpv4(text, out var ipv4, out var length)
            && text[length..].StartsWith("/"u8)
            && XmlText.TryParse(text[(length + 1)..], out var bits)
            && length + 1 < text.Length
            && bits <= 32
        )
        {
            var read = new IpPrefix(IpAddress.FromIpv4(ipv4), (int)bits);
            if (read.Address.Ipv4 == ipv4)
            {
                return read;
            }
        }
        else if (text.Length <= LongestAddress && IpPrefix.TryParse(Encoding.UTF8.GetString(text), out var prefix))
        {
            return prefix;
        }

        Refuse("address");
        return null;
    }

    /// <summary>Four decimal octets without leading zeros, which some readers would take as octal.</summary>
    private static bool TryReadIpv4(ReadOnlySpan<byte> text, out uint address, out int length)
    {
        address = 0;
        length = 0;
        for (var octet = 0; octet < 4; octet++)
        {
            if (octet > 0 && (length >= text.Length || text[length++] != '.'))
            {
                return false;
            }

            var rest = text[length..];
            if (
                rest.IsEmpty
                || rest[0] == '+'
                || !Utf8Parser.TryParse(rest, out byte value, out var digits)
                || (rest[0] == '0' && digits > 1)
            )
            {
                return false;
            }

            address = address << 8 | value;
            length += digits;
        }

        return true;
    }

    /// <summary>What is read so far; the item itself is made once.</summary>
    private struct ItemFields()
    {
        public List<ItemNextHop> NextHops { get; } = new(1);
        public uint Version;
        public string VirtualNetwork = "";
        public ItemMobility Mobility;
        public EquatableArray<string> Peers;
        public uint SequenceNumber;
        public EquatableArray<uint> SecurityGroups;
        public EquatableArray<string> CommunityTags;
        public uint LocalPreference;
        public uint Med;
        public ItemLoadBalance? LoadBalance;
        public string SubProtocol = "";

        public readonly UnicastItem ToItem(AddressFamily family, IpPrefix prefix) =>
            new()
            {
                Family = family,
                Prefix = prefix,
                NextHops = [.. NextHops],
                Version = Version,
                VirtualNetwork = VirtualNetwork,
                Mobility = Mobility,
                Peers = Peers,
                SequenceNumber = SequenceNumber,
                SecurityGroups = SecurityGroups,
                CommunityTags = CommunityTags,
                LocalPreference = LocalPreference,
                Med = Med,
                LoadBalance = LoadBalance,
                SubProtocol = SubProtocol,
            };
    }
}
