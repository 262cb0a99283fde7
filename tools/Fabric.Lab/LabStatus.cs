using Fabric.Lab.Definition;
using Fabric.Lab.Nodes;

namespace Fabric.Lab;

/// <summary>The table of what runs, and how to look at it.</summary>
public sealed class LabStatus(LabDefinition lab, LabPaths paths)
{
    /// <summary>Prints the table; returns whether everything runs.</summary>
    public bool Print(TextWriter output)
    {
        var daemons = new NodeDaemons(lab, paths);
        var well = true;
        output.WriteLine();
        output.WriteLine($"{"NODE", -10} {"ADDRESS", -15} {"PROGRAM", -10} {"STATE", -14} LOG");
        foreach (var node in lab.Nodes)
        {
            foreach (var daemon in daemons.Of(node))
            {
                well &= PrintDaemon(output, daemon, node.Address.ToString());
            }
        }

        well &= PrintDaemon(output, daemons.Kafka.Daemon, daemons.Kafka.Servers);

        output.WriteLine();
        output.WriteLine($"{"MACHINE", -10} {"ADDRESS", -15} {"NETWORK", -10} {"HOST", -14} SECURITY GROUPS");
        foreach (var machine in lab.Machines)
        {
            var leased = File.Exists(new VirtualMachine(lab, paths, machine).LeaseFile);
            well &= leased;
            output.WriteLine(
                $"{machine.Name, -10} {(leased ? machine.Address : "no lease"), -15} {machine.Network, -10} {machine.Host, -14} {string.Join(' ', machine.SecurityGroups)}"
            );
        }

        return well;
    }

    private static bool PrintDaemon(TextWriter output, Machine.Daemon daemon, string address)
    {
        var pid = daemon.Pid;
        output.WriteLine(
            $"{daemon.Node, -10} {address, -15} {daemon.Role, -10} {(pid is null ? "not running" : $"pid {pid}"), -14} {daemon.LogFile}"
        );
        return pid is not null;
    }

    /// <summary>What shows a person the flows from Kafka.</summary>
    private static string FollowLine(string servers) => $"kcat -qCb {servers} -t fabric.flows -o end";

    public void PrintHints(TextWriter output)
    {
        var first = lab.Machines[0];
        var last = lab.Machines.Last(machine => machine.Network == first.Network);
        output.WriteLine();
        output.WriteLine($"tools/lab exec {first.Name} ping -c 3 {last.Address}     a machine pings another");
        output.WriteLine(
            "tools/lab fabric status                    every session of every node (also: bgp summary, routes, flows, vif, rt, nh, mpls, drops)"
        );
        output.WriteLine($"tools/lab exec {lab.Hosts[0].Name} tcpdump -ni eth0        the underlay of a host");
        foreach (var gateway in lab.Gateways.Where(gateway => gateway.Software == "frr").Take(1))
        {
            output.WriteLine($"vtysh --vty_socket {new NodeDaemons(lab, paths).FrrVty(gateway)} -c 'show bgp ipv4 vpn'");
        }

        output.WriteLine($"{FollowLine(new KafkaCluster(lab, paths).Servers)}     flows, as they happen");
        output.WriteLine("tools/lab check                            proves that it works");
        output.WriteLine("tools/lab down                             removes it");
    }
}
