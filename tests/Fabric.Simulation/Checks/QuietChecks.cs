using Fabric.Simulation.Oracle;
using Fabric.Simulation.Packets;

namespace Fabric.Simulation.Checks;

/// <summary>What holds in a fabric at rest with everything up.</summary>
internal static class QuietChecks
{
    private const ushort OpenPort = 80;
    private const ushort OtherPort = 81;

    /// <summary>Twice the mark above which writers stop.</summary>
    private const int PendingLimit = 2 << 20;

    public static void Run(FabricSim fabric)
    {
        if (fabric.Links.LargestPendingBytes > PendingLimit)
        {
            throw new SimulationException($"A sender held back {fabric.Links.LargestPendingBytes} bytes.");
        }

        ControlNodeChecks.Run(fabric);
        AgentChecks.Run(fabric);
        fabric.Numbers.Check(fabric.HostList);
        SessionChecks.Run(fabric.HostList);
        fabric.Probed.Check();
        foreach (var host in fabric.HostList)
        {
            host.Rest(fabric.Now);
        }

        CheckReachability(fabric);
    }

    private static void CheckReachability(FabricSim fabric)
    {
        foreach (var from in fabric.VmsByName.Values)
        {
            foreach (var to in fabric.VmsByName.Values.Where(to => to != from))
            {
                Judge(fabric, fabric.Ping(from.Name, to.Name), from, to);
                Judge(fabric, fabric.Connect(from.Name, to.Name, OpenPort), from, to);
                Judge(fabric, fabric.Connect(from.Name, to.Name, OtherPort), from, to);
            }

            foreach (var endpoint in fabric.GatewayList.SelectMany(static gateway => gateway.Endpoints).ToList())
            {
                Judge(fabric.Ping(from.Name, endpoint.Name), ReachabilityOracle.MayReachEndpoint(fabric, from, endpoint.Network));
                Judge(fabric.Ping(endpoint.Name, from.Name), ReachabilityOracle.MayBeReachedByEndpoint(fabric, from, endpoint.Network));
            }
        }
    }

    private static void Judge(FabricSim fabric, ProbeResult result, SimVm from, SimVm to)
    {
        Judge(result, ReachabilityOracle.MayReach(fabric, from, to, result.Probe.Kind, result.Probe.Port));
        if (ReachabilityOracle.DeniedAt(fabric, from, to, result.Probe.Kind, result.Probe.Port) is { } vm)
        {
            fabric.Probed.Denied(result.Probe, from, to, fabric.HostOf(vm), vm.SecurityGroups);
        }
    }

    private static void Judge(ProbeResult result, bool mayArrive) => _ = mayArrive ? result.ShouldArrive() : result.ShouldNotArrive();
}
