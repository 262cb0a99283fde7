using Fabric.Lab.Definition;

namespace Fabric.Lab.Nodes;

/// <summary>
/// The configuration of gateways of other makers: iBGP to each control node, VPNv4, graceful restart with the forwarding state kept.
/// The restart time is short, as <c>check</c> waits for its end.
/// </summary>
internal static class GatewayConfig
{
    /// <summary>How long a control node keeps a gateway's routes after its session has ended, in seconds.</summary>
    public const int RestartTime = 10;

    /// <summary>Keeps tunnel packets (IP protocol 47) from the kernel's own stack.</summary>
    public const string Firewall = """
        table ip fabric-lab {
            chain tunnel {
                type filter hook prerouting priority raw
                ip protocol gre drop
            }
        }

        """;

    private static readonly string[] Families = ["l3vpn-ipv4-unicast", "rtc"];

    public static string Of(LabDefinition lab, LabGateway gateway) => gateway.Software == "frr" ? Frr(lab, gateway) : GoBgp(lab, gateway);

    private static string Frr(LabDefinition lab, LabGateway gateway) =>
        $"""
            frr version 8.4
            frr defaults traditional
            hostname {gateway.Name}
            router bgp {lab.AutonomousSystem}
             bgp router-id {gateway.Address}
             no bgp default ipv4-unicast
             bgp graceful-restart
             bgp graceful-restart restart-time {RestartTime}
             bgp graceful-restart preserve-fw-state
            {Each(
                lab,
                node =>
                    $" neighbor {node.Address} remote-as {lab.AutonomousSystem}\n neighbor {node.Address} update-source {gateway.Address}\n neighbor {node.Address} timers connect 1"
            )}
             address-family ipv4 vpn
            {Each(lab, node => $"  neighbor {node.Address} activate")}
             exit-address-family

            """;

    // GoBGP sends the End-of-RIB of route-target membership only with graceful restart for that family.
    private static string GoBgp(LabDefinition lab, LabGateway gateway) =>
        $"""
            [global.config]
              as = {lab.AutonomousSystem}
              router-id = "{gateway.Address}"
              local-address-list = ["{gateway.Address}"]
            {Each(lab, node => GoBgpNeighbor(lab, node))}

            """;

    private static string GoBgpNeighbor(LabDefinition lab, LabNode node) =>
        $"""
            [[neighbors]]
              [neighbors.config]
                neighbor-address = "{node.Address}"
                peer-as = {lab.AutonomousSystem}
              [neighbors.timers.config]
                connect-retry = 1
                idle-hold-time-after-reset = 1
              [neighbors.graceful-restart.config]
                enabled = true
                restart-time = {RestartTime}
            {string.Join('\n', Families.Select(GoBgpFamily))}
            """;

    private static string GoBgpFamily(string family) =>
        $"""
              [[neighbors.afi-safis]]
                [neighbors.afi-safis.config]
                  afi-safi-name = "{family}"
                [neighbors.afi-safis.mp-graceful-restart.config]
                  enabled = true
            """;

    private static string Each(LabDefinition lab, Func<LabNode, string> text) => string.Join('\n', lab.ControlNodes.Select(text));
}
