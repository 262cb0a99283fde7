using System.Text;
using Fabric.Bench.Datapath.Machine;

namespace Fabric.Bench.Datapath.Testbeds;

/// <summary>
/// A Linux bridge with a VXLAN device on each host, with or without the security group: as iptables hybrid drivers do it, netfilter's
/// forward hook with connection tracking is called for bridged packets (br_netfilter).
/// </summary>
internal sealed class BridgeVxlan(TestbedPlan plan, bool isFiltered) : Testbed(isFiltered ? "vxlan-nft" : "vxlan", plan)
{
    private const string BridgeCallsNetfilter = "net/bridge/bridge-nf-call-iptables";

    public override string Carries => Encapsulation.Vxlan(Place.Vni);

    /// <summary>Why the filtered one cannot run; null when it can.</summary>
    public static string? MissingFilter =>
        File.Exists("/proc/sys/" + BridgeCallsNetfilter) ? null : "the kernel has no br_netfilter (modprobe br_netfilter)";

    public override void Start(CancellationToken cancellation)
    {
        Connect(HostA, Place.HostA, Place.HostB, Place.VmA);
        Connect(HostB, Place.HostB, Place.HostA, Place.VmB);
    }

    private void Connect(NetworkSpace host, uint address, uint peer, Place own)
    {
        host.Links(
            $"address add {Place.TextOf(address)}/24 dev eth0",
            "link add br0 type bridge mcast_snooping 0",
            $"link add vx0 type vxlan id {Place.Vni} local {Place.TextOf(address)} remote {Place.TextOf(peer)} dstport 4789 dev eth0",
            "link set vx0 mtu 1500 master br0 up",
            $"link set {own.Device} master br0",
            "link set br0 up"
        );
        host.Set(BridgeCallsNetfilter, isFiltered ? "1" : "0");
        if (isFiltered)
        {
            host.Feed(Filter(own, Plan.Rules), "nft", "-f", "-");
        }
    }

    private static string Filter(Place own, int rules)
    {
        var script = new StringBuilder("table ip fabric {\n");
        foreach (var isIngress in new[] { false, true })
        {
            script.Append($"chain {(isIngress ? "ingress" : "egress")} {{\n");
            foreach (var rule in SecurityGroup.Rules(rules).Where(rule => rule.IsIngress == isIngress))
            {
                var remote = $"ip {(isIngress ? "saddr" : "daddr")} {Place.TextOf(rule.Remote)}/{rule.Length}";
                script.Append($"{remote} {(rule.Port is { } port ? $"tcp dport {port} " : "")}accept\n");
            }

            script.Append("drop\n}\n");
        }

        return script
            .Append("chain forward {\ntype filter hook forward priority 0; policy drop;\n")
            .Append("ct state established,related accept\nct state invalid drop\n")
            .Append($"ip saddr {own.Text} jump egress\nip daddr {own.Text} jump ingress\n}}\n}}\n")
            .ToString();
    }
}
