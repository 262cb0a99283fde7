using Fabric.Primitives;

namespace Fabric.Model.AgentView;

/// <summary>Builds the object of a node; null with the reader's error set, or null alone for a type that this side does not know.</summary>
internal static class AgentViewNodeDecoder
{
    public static AgentViewObject? Decode(XmlNodeReader node)
    {
        AgentViewObject? decoded = node.Type switch
        {
            AgentGlobalConfig.TypeName => Global(node),
            AgentVirtualNetwork.TypeName => Network(node),
            AgentPort.TypeName => Port(node),
            AgentSecurityGroup.TypeName => Group(node),
            _ => null,
        };
        return node.Error is null ? decoded : null;
    }

    private static AgentGlobalConfig Global(XmlNodeReader node)
    {
        if (node.Text("name") != "global")
        {
            node.Fail("the one object of this type is named 'global'.");
        }

        return new AgentGlobalConfig(
            new AsNumber(node.Number<uint>("autonomous-system")),
            [
                .. node.Texts("encapsulation")
                    .Select(word => node.Word<TunnelEncapsulations>("encapsulation", word, AgentViewNames.Encapsulation)),
            ]
        );
    }

    private static AgentVirtualNetwork Network(XmlNodeReader node) =>
        new(
            node.Text("name"),
            node.Number<uint>("network-id"),
            node.Text("vrf"),
            node.Children("subnet", Subnet),
            node.Has("mtu") ? node.Number<ushort>("mtu") : null
        );

    private static AgentSubnet Subnet(XmlNodeReader subnet) =>
        new(
            subnet.Prefix("prefix"),
            subnet.Address("gateway"),
            subnet.Address("service-address"),
            subnet.Flag("dhcp"),
            subnet.Addresses("dns-server"),
            subnet.OptionalText("domain-name"),
            subnet.Children("host-route", HostRoute)
        );

    private static AgentHostRoute HostRoute(XmlNodeReader route) =>
        new(route.Prefix("prefix"), route.Has("next-hop") ? route.Address("next-hop") : default);

    private static AgentPort Port(XmlNodeReader node) =>
        new(
            node.Text("name"),
            node.OptionalText("display-name") ?? "",
            node.Text("network"),
            node.Mac("mac-address"),
            node.Addresses("address"),
            node.Texts("security-group")
        );

    private static AgentSecurityGroup Group(XmlNodeReader node) =>
        new(node.Text("name"), node.Number<uint>("id"), node.Children("rule", Rule));

    private static AgentSecurityGroupRule Rule(XmlNodeReader rule)
    {
        if (rule.Has("remote-group") && rule.Has("remote-prefix"))
        {
            rule.Fail("a rule has one remote end.");
        }

        var decoded = new AgentSecurityGroupRule(
            rule.Text("name"),
            rule.Word<TrafficDirection>("direction", rule.Text("direction"), AgentViewNames.Direction),
            rule.Number<byte>("protocol"),
            rule.Number<ushort>("port-min"),
            rule.Number<ushort>("port-max"),
            rule.Has("remote-prefix") ? rule.Prefix("remote-prefix") : null,
            rule.Has("remote-group") ? rule.Number<uint>("remote-group") : 0
        );
        if (decoded.PortMin > decoded.PortMax)
        {
            rule.Fail("'port-min' is above 'port-max'.");
        }

        return decoded;
    }
}
