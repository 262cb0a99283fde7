using Fabric.Agent.Core.Compilation;
using Fabric.Simulation.Nodes;

namespace Fabric.Simulation.Checks;

/// <summary>What is left when nothing is plugged and nothing is behind a gateway: nothing.</summary>
internal static class EmptyChecks
{
    public static void Run(FabricSim fabric)
    {
        foreach (var control in fabric.ControlNodeList)
        {
            var core = control.Node!.Routes.Core;
            var subscriptions = core.Vrfs.Sum(static vrf => vrf.Subscriptions);
            Expect($"VPN routes at {control.Name}", core.VpnRoutes.Count());
            Expect($"routes in VRFs at {control.Name}", core.Vrfs.Sum(vrf => core.VrfRoutes(vrf.Name).Count()));
            Expect($"subscriptions at {control.Name}", subscriptions);
        }

        foreach (var host in fabric.HostList)
        {
            CheckHost(host);
        }

        foreach (var session in fabric.GatewayList.SelectMany(static gateway => gateway.Sessions))
        {
            Expect($"routes of the gateway from {session.ControlNode}", session.Routes.Count);
        }
    }

    private static void CheckHost(SimHost host)
    {
        var core = host.Agent!.Core;
        var datapath = host.Datapath!.Tables;
        Expect($"mirrored paths at {host.Name}", core.Mirror.PathCount);
        Expect($"ports at {host.Name}", core.Ports.Plugged.Count);
        Expect($"vifs at {host.Name}", datapath.Vifs.Count());
        Expect($"VRFs at {host.Name}", datapath.Vrfs.Count());
        Expect($"labels at {host.Name}", datapath.Labels.Count());
        Expect($"next hops at {host.Name}", datapath.NextHops.Count());
        Expect($"flows at {host.Name}", host.Datapath.Flows.Count);
        Expect($"access lists of groups at {host.Name}", datapath.AccessLists.Count(static list => list.Id != SecurityGroups.Unresolved));
        var saved = host.State.Allocations;
        Expect($"saved numbers of {host.Name}", saved.Labels.Assignments.Count + saved.Vrfs.Assignments.Count);
        Expect($"more saved numbers of {host.Name}", saved.Vifs.Assignments.Count + saved.NextHops.Assignments.Count);
        Expect($"saved ports of {host.Name}", host.State.Load().Ports.Count);
    }

    private static void Expect(string what, int count)
    {
        if (count != 0)
        {
            throw new SimulationException($"Nothing is plugged, but there are {count} {what}.");
        }
    }
}
