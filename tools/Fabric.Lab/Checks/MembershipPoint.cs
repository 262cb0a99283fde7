using System.Net;
using Fabric.Lab.Definition;
using Fabric.Lab.Machine;

namespace Fabric.Lab.Checks;

/// <summary>Point 7: a host has a VRF while it has a port in the network, and gateways are asked (RFC 4684) for just the targets that hosts need.</summary>
internal sealed class MembershipPoint() : CheckPoint(7, "VRFs and route-target membership follow the ports")
{
    public override async Task<string> RunAsync(CheckContext context)
    {
        var expected = new HashSet<string>(StringComparer.Ordinal);
        foreach (var network in context.Lab.Networks.Where(network => context.Lab.Machines.Any(machine => machine.Network == network.Name)))
        {
            expected.Add(await TargetAsync(context, network.Name));
            await VrfsFollowAsync(context, context.Lab, network.Name);
        }

        await MembershipIsAsync(context, expected);
        var added = await PlugAndUnplugAsync(context, expected);
        return $"GoBGP is asked for {string.Join(" and ", expected.Order(StringComparer.Ordinal))}; {added} came with the first port of its network and went with the last";
    }

    /// <summary>A network of its own, so that its first port is plugged here.</summary>
    private static async Task<string> PlugAndUnplugAsync(CheckContext context, HashSet<string> before)
    {
        var network = new LabNetwork("check", IPNetwork.Parse("10.254.254.0/24"), [], []);
        var machine = new LabMachine("check", network.Name, context.First.Definition.Host, IPAddress.Parse("10.254.254.9"), []);
        var lab = context.Lab with { Networks = [.. context.Lab.Networks, network], Machines = [.. context.Lab.Machines, machine] };
        var builder = new LabBuilder(lab, context.Paths);
        var plugged = false;
        try
        {
            await builder.ApplyAsync([.. LabObjects.Network(network), LabObjects.Port(lab, machine)]);
            var target = await TargetAsync(context, network.Name);
            await MembershipIsAsync(context, before);

            plugged = true;
            await builder.PlugAsync(machine);
            await MembershipIsAsync(context, [.. before, target]);
            await VrfsFollowAsync(context, lab, network.Name);

            await UnplugAsync(context, lab, machine);
            plugged = false;
            await MembershipIsAsync(context, before);
            await VrfsFollowAsync(context, context.Lab, network.Name);
            return target;
        }
        finally
        {
            if (plugged)
            {
                await UnplugAsync(context, lab, machine);
            }

            await builder.DeleteAsync(
                ("port", machine.Name),
                ("subnet", LabObjects.SubnetName(network)),
                ("virtual-network", network.Name)
            );
        }
    }

    private static async Task UnplugAsync(CheckContext context, LabDefinition lab, LabMachine machine)
    {
        using var host = new HostApi(machine.Host);
        await host.UnplugAsync(LabObjects.PortId(lab, machine));
        await new VirtualMachine(lab, context.Paths, machine).RemoveAsync();
    }

    private static async Task MembershipIsAsync(CheckContext context, HashSet<string> expected)
    {
        foreach (var node in context.Lab.ControlNodes)
        {
            IReadOnlySet<string> seen = expected;
            try
            {
                await Poll.UntilAsync("", async () => (seen = await context.GoBgp.MembershipAsync(node)).SetEquals(expected));
            }
            catch (LabException exception)
            {
                throw new LabException($"{node.Name} asks GoBGP for {Text(seen)}, not for {Text(expected)}", exception);
            }
        }
    }

    private static async Task VrfsFollowAsync(CheckContext context, LabDefinition lab, string network)
    {
        foreach (var host in lab.Hosts)
        {
            var needed = lab.Machines.Any(machine => machine.Host == host.Name && machine.Network == network);
            using var datapath = new DatapathApi(host.Name);
            await Poll.UntilAsync(
                $"the VRF of {network} to be {(needed ? "on" : "gone from")} {host.Name}",
                async () => await datapath.HasVrfAsync(network) == needed
            );
        }
    }

    private static async Task<string> TargetAsync(CheckContext context, string network)
    {
        using var api = new ControlNodeApi(context.Lab.ControlNodes[0].Name);
        return await api.RouteTargetAsync(network);
    }

    private static string Text(IReadOnlySet<string> targets) =>
        targets.Count == 0 ? "nothing" : string.Join(" and ", targets.Order(StringComparer.Ordinal));
}
