using Fabric.Bench.Datapath.Machine;

namespace Fabric.Bench.Datapath.Testbeds;

/// <summary>The kernel forwards by its routes, without any encapsulation or filter: what a tunnel is measured by.</summary>
internal sealed class KernelRouting(TestbedPlan plan) : Testbed("routing", plan)
{
    public override string Carries => Encapsulation.Plain;

    public override void Start(CancellationToken cancellation)
    {
        Route(HostA, Place.HostA, Place.VmA, Place.HostB, Place.VmB);
        Route(HostB, Place.HostB, Place.VmB, Place.HostA, Place.VmA);
    }

    // Machines believe that they are on one link: the hosts answer their ARP for each other.
    private static void Route(NetworkSpace host, uint address, Place own, uint peer, Place other)
    {
        host.Links(
            $"address add {Place.TextOf(address)}/24 dev eth0",
            $"route add {own.Text}/32 dev {own.Device}",
            $"route add {other.Text}/32 via {Place.TextOf(peer)}"
        );
        host.Set("net/ipv4/ip_forward", "1");
        host.Set($"net/ipv4/conf/{own.Device}/proxy_arp", "1");
        host.Set($"net/ipv4/neigh/{own.Device}/proxy_delay", "0");
    }
}
