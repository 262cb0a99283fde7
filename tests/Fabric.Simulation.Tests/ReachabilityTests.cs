namespace Fabric.Simulation.Tests;

/// <summary>What VMs can reach, through two control nodes, three hosts and a gateway.</summary>
internal sealed class ReachabilityTests
{
    private FabricSim _fabric = null!;

    [SetUp]
    public void Start() =>
        _fabric = FabricSim
            .Create(1)
            .ControlNodes(2)
            .Hosts(3)
            .Gateways(1)
            .Network("red", "10.1.0.0/24")
            .Network("blue", "10.2.0.0/24")
            .Vm("a", host: 1, "red")
            .Vm("b", host: 2, "red")
            .Vm("c", host: 1, "red")
            .Vm("x", host: 3, "blue")
            .Settle();

    [Test]
    public void Endpoints_of_a_network_reach_each_other_on_one_host_and_across_hosts()
    {
        _fabric.Ping("a", "c").ShouldArrive();
        _fabric.Ping("a", "b").ShouldArrive();
    }
}
