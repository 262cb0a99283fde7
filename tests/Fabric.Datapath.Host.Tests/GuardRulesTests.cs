using Fabric.Datapath.Host.Guard;
using Fabric.Datapath.Host.PacketIo;

namespace Fabric.Datapath.Host.Tests;

public sealed class GuardRulesTests
{
    [Test]
    public void The_table_is_replaced_as_a_whole_and_drops_what_vms_send_and_tunnels_to_this_host()
    {
        var rules = new GuardRules("host1", [new NetworkDevice("tap1", 7)], new NetworkDevice("eth0", 2), 0xC0000201);

        Assert.That(
            rules.ToScript(),
            Is.EqualTo(
                """
                add table netdev fabric_host1
                delete table netdev fabric_host1
                table netdev fabric_host1 {
                chain vif_7 {
                type filter hook ingress device "tap1" priority -500; policy drop;
                counter
                }
                chain uplink {
                type filter hook ingress device "eth0" priority -500; policy accept;
                ip daddr 192.0.2.1 ip protocol 47 counter drop
                ip daddr 192.0.2.1 udp dport 6635 counter drop
                }
                }

                """
            )
        );
    }

    [Test]
    public void The_uplink_is_left_alone_until_the_tunnel_source_is_known()
    {
        var rules = new GuardRules("host1", [], new NetworkDevice("eth0", 2), TunnelSource: 0);

        Assert.That(rules.ToScript(), Does.Not.Contain("eth0"));
    }
}
