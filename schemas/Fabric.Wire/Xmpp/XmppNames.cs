namespace Fabric.Wire.Xmpp;

/// <summary>Addresses (JIDs), namespaces and well-known nodes of the route and configuration channel between control node and agent.</summary>
public static class XmppNames
{
    /// <summary>The control node's address; every control node has the same.</summary>
    public const string ControlNode = "network-control@contrailsystems.com";

    /// <summary>Resource that carries subscriptions and routes.</summary>
    public const string RouteResource = "/bgp-peer";

    /// <summary>Resource that carries the agent's view of the configuration.</summary>
    public const string ConfigResource = "/config";

    public const string ControlNodeRoutes = ControlNode + RouteResource;

    public const string ControlNodeConfig = ControlNode + ConfigResource;

    /// <summary>Node of the marker that ends the first full transfer of routes (as RFC 4724 section 2 does for BGP).</summary>
    public const string EndOfRibNode = "0/0/EndOfRib";

    /// <summary>Type prefix of the node by which an agent asks for its host's configuration.</summary>
    public const string VirtualRouterNode = "virtual-router:";

    public const string DefaultNamespace = "jabber:client";

    /// <summary>The name of a host's virtual router: "default-global-system-config:host7.example.net".</summary>
    public static string VirtualRouter(string host) => "default-global-system-config:" + host;
}
