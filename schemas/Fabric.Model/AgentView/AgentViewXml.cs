using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Xml;
using System.Xml.Linq;

namespace Fabric.Model.AgentView;

/// <summary>
/// The XML form of the per-agent view (schemas/xmpp/agent-view.xsd): one "node" element an object, in UTF-8, without a namespace
/// and without white space between elements. A fragment is what stands inside the stanza's "update" or "delete": any number
/// of nodes. A fragment is taken whole or not at all; elements that the reader does not know are skipped, so that a newer
/// control node can add some.
/// </summary>
public static class AgentViewXml
{
    /// <summary>A fragment that is longer is refused before it is parsed. A security group has room for 100,000 rules.</summary>
    public const int MaxFragmentBytes = 32 * 1024 * 1024;

    private static readonly XmlReaderSettings Settings = new()
    {
        ConformanceLevel = ConformanceLevel.Fragment,
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
    };

    /// <summary>Writes an object with all its properties.</summary>
    public static void Encode(AgentViewObject value, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(value);
        var writer = new XmlFragmentWriter(output);
        writer.StartNode(value.Key);
        switch (value)
        {
            case AgentGlobalConfig global:
                EncodeGlobal(global, writer);
                break;
            case AgentVirtualNetwork network:
                EncodeNetwork(network, writer);
                break;
            case AgentPort port:
                EncodePort(port, writer);
                break;
            case AgentSecurityGroup group:
                EncodeGroup(group, writer);
                break;
            default:
                throw new ArgumentException($"An object of type '{value.Type}' has no XML form.", nameof(value));
        }

        writer.End("node");
    }

    /// <summary>Writes a node with only its type and name.</summary>
    public static void EncodeDelete(AgentViewKey key, IBufferWriter<byte> output)
    {
        var writer = new XmlFragmentWriter(output);
        writer.StartNode(key);
        writer.End("node");
    }

    /// <summary>Reads the objects of an "update". On failure nothing is added and <paramref name="error"/> says why.</summary>
    public static bool TryDecodeUpdate(
        ReadOnlySpan<byte> xmlFragment,
        ICollection<AgentViewObject> objects,
        [NotNullWhen(false)] out string? error
    ) => TryDecode(xmlFragment, objects, static node => AgentViewNodeDecoder.Decode(node), out error);

    /// <summary>Reads the keys of a "delete". On failure nothing is added and <paramref name="error"/> says why.</summary>
    public static bool TryDecodeDelete(
        ReadOnlySpan<byte> xmlFragment,
        ICollection<AgentViewKey> keys,
        [NotNullWhen(false)] out string? error
    ) => TryDecode(xmlFragment, keys, static node => new AgentViewKey(node.Type, node.Text("name")), out error);

    private static bool TryDecode<T>(
        ReadOnlySpan<byte> fragment,
        ICollection<T> items,
        Func<XmlNodeReader, T?> decode,
        [NotNullWhen(false)] out string? error
    )
    {
        ArgumentNullException.ThrowIfNull(items);
        if (fragment.Length > MaxFragmentBytes)
        {
            error = $"The fragment has {fragment.Length} bytes; at most {MaxFragmentBytes} are taken.";
            return false;
        }

        var decoded = new List<T>();
        foreach (var element in Parse(fragment, out error))
        {
            var node = new XmlNodeReader(element);
            if (decode(node) is { } item)
            {
                decoded.Add(item);
            }

            error ??= node.Error;
        }

        if (error is not null)
        {
            return false;
        }

        decoded.ForEach(items.Add);
        return true;
    }

    private static List<XElement> Parse(ReadOnlySpan<byte> fragment, out string? error)
    {
        var elements = new List<XElement>();
        error = null;
        try
        {
            using var stream = new MemoryStream(fragment.ToArray(), writable: false);
            using var reader = XmlReader.Create(stream, Settings);
            reader.Read();
            while (!reader.EOF)
            {
                if (reader.NodeType != XmlNodeType.Element)
                {
                    reader.Read();
                }
                else if (XNode.ReadFrom(reader) is XElement element)
                {
                    elements.Add(element);
                }
            }
        }
        catch (XmlException malformed)
        {
            error = $"Malformed XML: {malformed.Message}";
            elements.Clear();
        }

        return elements;
    }

    private static void EncodeGlobal(AgentGlobalConfig global, XmlFragmentWriter writer)
    {
        writer.Element("autonomous-system", global.AsNumber.Value);
        foreach (var encapsulation in global.EncapsulationPriority)
        {
            writer.Element("encapsulation", AgentViewNames.Of(encapsulation));
        }
    }

    private static void EncodeNetwork(AgentVirtualNetwork network, XmlFragmentWriter writer)
    {
        writer.Element("network-id", network.NetworkId);
        writer.Element("vrf", network.VrfName);
        if (network.Mtu is { } mtu)
        {
            writer.Element("mtu", mtu);
        }

        foreach (var subnet in network.Subnets)
        {
            writer.Start("subnet");
            EncodeSubnet(subnet, writer);
            writer.End("subnet");
        }
    }

    private static void EncodeSubnet(AgentSubnet subnet, XmlFragmentWriter writer)
    {
        writer.Element("prefix", subnet.Prefix);
        writer.Element("gateway", subnet.Gateway);
        writer.Element("service-address", subnet.ServiceAddress);
        writer.Element("dhcp", subnet.DhcpEnabled ? "true" : "false");
        foreach (var server in subnet.DnsServers)
        {
            writer.Element("dns-server", server);
        }

        if (subnet.DomainName is not null)
        {
            writer.Element("domain-name", subnet.DomainName);
        }

        foreach (var route in subnet.HostRoutes)
        {
            writer.Start("host-route");
            writer.Element("prefix", route.Prefix);
            if (!route.NextHop.IsNone)
            {
                writer.Element("next-hop", route.NextHop);
            }

            writer.End("host-route");
        }
    }

    private static void EncodePort(AgentPort port, XmlFragmentWriter writer)
    {
        writer.Element("display-name", port.DisplayName);
        writer.Element("network", port.Network);
        writer.Element("mac-address", port.MacAddress);
        foreach (var address in port.Addresses)
        {
            writer.Element("address", address);
        }

        foreach (var group in port.SecurityGroups)
        {
            writer.Element("security-group", group);
        }
    }

    private static void EncodeGroup(AgentSecurityGroup group, XmlFragmentWriter writer)
    {
        writer.Element("id", group.Id);
        foreach (var rule in group.Rules)
        {
            writer.Start("rule");
            writer.Element("name", rule.Name);
            writer.Element("direction", AgentViewNames.Of(rule.Direction));
            writer.Element("protocol", rule.Protocol);
            writer.Element("port-min", rule.PortMin);
            writer.Element("port-max", rule.PortMax);
            if (rule.RemotePrefix is { } prefix)
            {
                writer.Element("remote-prefix", prefix);
            }
            else if (rule.RemoteGroup != 0)
            {
                writer.Element("remote-group", rule.RemoteGroup);
            }

            writer.End("rule");
        }
    }
}
