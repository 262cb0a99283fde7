using System.Text;
using Fabric.Datapath.Host.PacketIo;
using Fabric.Primitives;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Host.Guard;

/// <summary>
/// What keeps packets of the fabric from the host's own stack: at the netdev ingress hook, everything from a VM is dropped, and GRE
/// and MPLS over UDP to the tunnel source. Packet sockets see packets before that hook. One nftables table holds it, replaced as a whole in one transaction.
/// Protocols are numbers, since not every machine has a list of their names:
/// <code>
/// table netdev fabric_host1 {
///   chain vif_3 { type filter hook ingress device "tap3" priority -500; policy drop; counter }
///   chain uplink { type filter hook ingress device "eth0" priority -500; policy accept; ip daddr 192.0.2.1 ip protocol 47 counter drop
///     ip daddr 192.0.2.1 udp dport 6635 counter drop }
/// }
/// </code>
/// The table outlives the process: with fabric-dp dead, a VM reaches nothing rather than its host.
/// </summary>
/// <param name="Node">Names the table, so that nodes of one namespace have their own.</param>
/// <param name="Vifs">The devices of VMs, with their indexes: a hook goes with its device, so a new device of the same name is a change.</param>
/// <param name="Uplink">The underlay's device; null while it is missing.</param>
/// <param name="TunnelSource">0: not known yet.</param>
internal sealed record GuardRules(string Node, EquatableArray<NetworkDevice> Vifs, NetworkDevice? Uplink, uint TunnelSource)
{
    // Before every chain that an operator would write.
    private const int Priority = -500;

    public string ToScript()
    {
        var script = new StringBuilder(DeleteScript(Node));
        script.Append($"table netdev {TableName(Node)} {{\n");
        foreach (var vif in Vifs)
        {
            script.Append(
                $"chain vif_{vif.Index} {{\ntype filter hook ingress device \"{vif.Name}\" priority {Priority}; policy drop;\ncounter\n}}\n"
            );
        }

        if (Uplink is { } uplink && TunnelSource != 0)
        {
            script.Append($"chain uplink {{\ntype filter hook ingress device \"{uplink.Name}\" priority {Priority}; policy accept;\n");
            var destination = IpAddress.FromIpv4(TunnelSource);
            script.Append($"ip daddr {destination} ip protocol {IpProtocol.Gre} counter drop\n");
            script.Append($"ip daddr {destination} udp dport {UdpPort.MplsOverUdp} counter drop\n}}\n");
        }

        return script.Append("}\n").ToString();
    }

    /// <summary>Removes the table, also where there is none.</summary>
    public static string DeleteScript(string node) => $"add table netdev {TableName(node)}\ndelete table netdev {TableName(node)}\n";

    private static string TableName(string node) => $"fabric_{node}";
}
