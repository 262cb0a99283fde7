using Fabric.Datapath.Host.Netlink;
using Fabric.Datapath.Host.PacketIo;
using Fabric.Datapath.Host.Tests.EndToEnd;

namespace Fabric.Datapath.Host.Tests.Network;

/// <summary>What the kernel says of routes and devices. Needs root.</summary>
[Category("Privileged")]
public sealed class RouteNetlinkTests
{
    private const uint Connected = 0xC000_0205;
    private const uint BehindGateway = 0xC633_6407;
    private const uint Gateway = 0xC000_02FE;

    [Test]
    public void A_destination_on_the_link_is_its_own_neighbour() =>
        OwnNamespace.Run(() =>
        {
            var uplink = LayUplink();
            using var netlink = new RouteNetlink();
            Assert.That(netlink.FindRoute(Connected), Is.EqualTo(new UnderlayRoute(Connected, uplink)));
        });

    [Test]
    public void A_destination_behind_a_gateway_has_the_gateway_as_neighbour() =>
        OwnNamespace.Run(() =>
        {
            var uplink = LayUplink();
            Shell.Run("ip route add 198.51.100.0/24 via 192.0.2.254");
            using var netlink = new RouteNetlink();
            Assert.That(netlink.FindRoute(BehindGateway), Is.EqualTo(new UnderlayRoute(Gateway, uplink)));
        });

    [Test]
    public void A_destination_without_a_route_or_behind_an_ipv6_gateway_has_none() =>
        OwnNamespace.Run(() =>
        {
            LayUplink();
            Shell.Run("ip route add 198.51.100.0/25 via inet6 fe80::1 dev eth0");
            Shell.Run("ip route add blackhole 198.51.100.128/25");
            using var netlink = new RouteNetlink();
            Assert.That(netlink.FindRoute(0xCB00_7101), Is.Null);
            Assert.That(netlink.FindRoute(BehindGateway), Is.Null);
            Assert.That(netlink.FindRoute(BehindGateway + 128), Is.Null);
        });

    [Test]
    public void A_veth_tells_whether_its_other_end_is_elsewhere() =>
        OwnNamespace.Run(() =>
        {
            var other = $"fabtest-{Environment.ProcessId}-peer";
            Shell.Run($"ip netns add {other}");
            try
            {
                Shell.Run("ip link add here type veth peer name there");
                Shell.Run($"ip link add tap1 type veth peer name eth0 netns {other}");
                using var netlink = new RouteNetlink();
                Assert.That(
                    netlink.FindKind(NetworkDevice.Find("here")!.Value.Index),
                    Is.EqualTo(new LinkKind("veth", HasPeerElsewhere: false))
                );
                Assert.That(
                    netlink.FindKind(NetworkDevice.Find("tap1")!.Value.Index),
                    Is.EqualTo(new LinkKind("veth", HasPeerElsewhere: true))
                );
                Assert.That(netlink.FindKind(12345), Is.Null);
            }
            finally
            {
                Shell.Run($"ip netns delete {other}");
            }
        });

    private static uint LayUplink()
    {
        Shell.Run("ip link add eth0 type veth peer name far");
        Shell.Run("ip link set eth0 up");
        Shell.Run("ip link set far up");
        Shell.Run("ip address add 192.0.2.1/24 dev eth0");
        return NetworkDevice.Find("eth0")!.Value.Index;
    }
}
