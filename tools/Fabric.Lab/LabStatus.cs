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
        output.WriteLine($"{"NODE", -10} {"ADDRESS", -14} {"PROGRAM", -10} {"STATE", -14} LOG");
        foreach (var node in lab.Nodes)
        {
            foreach (var daemon in daemons.Of(node))
            {
                var pid = daemon.Pid;
                well &= pid is not null;
                output.WriteLine(
                    $"{node.Name, -10} {node.Address, -14} {daemon.Role, -10} {(pid is null ? "not running" : $"pid {pid}"), -14} {daemon.LogFile}"
                );
            }
        }

        output.WriteLine();
        output.WriteLine($"{"MACHINE", -10} {"ADDRESS", -14} {"NETWORK", -10} {"HOST", -14} SECURITY GROUPS");
        foreach (var machine in lab.Machines)
        {
            var leased = File.Exists(new VirtualMachine(lab, paths, machine).LeaseFile);
            well &= leased;
            output.WriteLine(
                $"{machine.Name, -10} {(leased ? machine.Address : "no lease"), -14} {machine.Network, -10} {machine.Host, -14} {string.Join(' ', machine.SecurityGroups)}"
            );
        }

        return well;
    }

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

        output.WriteLine("tools/lab check                            proves that it works");
        output.WriteLine("tools/lab down                             removes it");
    }
}
