namespace Fabric.Bench.Datapath.Testbeds;

/// <summary>What a testbed is to be besides its data plane.</summary>
/// <param name="IsWire">The uplink can't segment tunnel packets: a network card without that offload.</param>
/// <param name="HasNeighbour">A second machine beside A.</param>
/// <param name="FlowPairs">Size of our flow table.</param>
/// <param name="MissRate">New flows a second that a machine of host A may have set up by ours; 0: no limit. Host B has none: its machine is everybody's target.</param>
internal sealed record TestbedPlan(
    bool IsWire = false,
    bool HasNeighbour = false,
    int FlowPairs = 1 << 20,
    int MissRate = 0,
    int Rules = SecurityGroup.Size,
    int Routes = 10,
    int Vrfs = 2
);
