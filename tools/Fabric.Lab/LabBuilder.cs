using System.Text.Json.Nodes;
using Fabric.Lab.Definition;
using Fabric.Lab.Machine;
using Fabric.Lab.Nodes;

namespace Fabric.Lab;

/// <summary>Brings a lab up: underlay, nodes, daemons, configuration, machines.</summary>
public sealed class LabBuilder(LabDefinition lab, LabPaths paths)
{
    private readonly NodeDaemons daemons = new(lab, paths);

    /// <param name="kafka">ADDRESS:PORT of a Kafka cluster, separated by commas; null: the lab starts one.</param>
    public async Task UpAsync(Progress progress, string? kafka)
    {
        await progress.StepAsync("certificates and configuration", () => Configure(kafka));
        await progress.StepAsync($"underlay {lab.Underlay} with {lab.Nodes.Count()} nodes", CreateUnderlayAsync);
        await progress.StepAsync($"Kafka at {daemons.Kafka.Servers}", daemons.Kafka.StartAsync);
        await progress.StepAsync("daemons", StartAsync);
        await progress.StepAsync("networks, security groups, ports and gateways", ApplyAsync);
        await progress.StepAsync($"{lab.Machines.Count} machines plugged", () => Task.WhenAll(lab.Machines.Select(PlugAsync)));
        await progress.StepAsync(
            "their addresses by DHCP",
            () => Task.WhenAll(lab.Machines.Select(machine => Vm(machine).ConfigureByDhcpAsync()))
        );
        await progress.StepAsync("sessions with the gateways", () => Task.WhenAll(lab.ControlNodes.Select(HasSessionsAsync)));
    }

    /// <summary>Starts one daemon of a node again after it ended.</summary>
    public Task StartAsync(string daemon) => daemons.Find(daemon).StartAsync();

    /// <summary>Creates a machine and gives its tap to the host's agent.</summary>
    public async Task PlugAsync(LabMachine machine)
    {
        await Vm(machine).CreateAsync();
        using var host = new HostApi(machine.Host);
        await Poll.UntilAsync($"{machine.Host}'s port API (see {paths.Directory(machine.Host)}/agent.log)", host.AnswersAsync);
        await host.PlugAsync(LabObjects.Plug(lab, machine));
    }

    /// <summary>Applies objects; control nodes do not share a store yet, so each is told.</summary>
    public async Task ApplyAsync(JsonArray objects)
    {
        foreach (var node in lab.ControlNodes)
        {
            using var api = new ControlNodeApi(node.Name);
            await api.ApplyAsync((JsonArray)objects.DeepClone());
        }
    }

    public async Task DeleteAsync(params (string Kind, string Name)[] objects)
    {
        foreach (var node in lab.ControlNodes)
        {
            using var api = new ControlNodeApi(node.Name);
            foreach (var (kind, name) in objects)
            {
                await api.DeleteAsync(kind, name);
            }
        }
    }

    // A gateway that was not there yet at the first attempt is tried again some seconds later.
    private static async Task HasSessionsAsync(LabNode node)
    {
        using var api = new ControlNodeApi(node.Name);
        await Poll.UntilAsync($"{node.Name}'s BGP sessions", async () => (await api.NeighborsDownAsync()).Count == 0);
    }

    private VirtualMachine Vm(LabMachine machine) => new(lab, paths, machine);

    private Task Configure(string? kafka)
    {
        Directory.CreateDirectory(paths.Runtime);
        File.WriteAllLines(paths.NodeList, lab.Nodes.Select(node => node.Name));
        LabAuthority.Issue(paths, lab.Nodes);
        daemons.Kafka.Configure(kafka);
        daemons.Configure();
        return Task.CompletedTask;
    }

    private async Task CreateUnderlayAsync()
    {
        await paths.Underlay.CreateAsync();
        await paths.Underlay.ConfigureAsync($"link add br0 mtu {lab.UnderlayMtu} type bridge mcast_snooping 0", "link set br0 up");
        await Task.WhenAll(lab.Nodes.Select(CreateNodeAsync));
    }

    private async Task CreateNodeAsync(LabNode node)
    {
        var space = paths.Namespace(node.Name);
        await space.CreateAsync();
        await paths.Underlay.ConfigureAsync(
            $"link add {node.Name} mtu {lab.UnderlayMtu} type veth peer name eth0 mtu {lab.UnderlayMtu} netns {space.Name}",
            $"link set {node.Name} master br0",
            $"link set {node.Name} up"
        );
        await space.ConfigureAsync($"address add {node.Address}/{lab.Underlay.PrefixLength} dev eth0", "link set eth0 up");
        if (node is LabGateway)
        {
            // The kernel would answer tunnel packets with ICMP unreachable; whatever reads them does so before this hook.
            await Command.MustAsync(space.Inside("nft", "-f", "-"), Nodes.GatewayConfig.Firewall);
        }
    }

    private async Task StartAsync()
    {
        await Task.WhenAll(lab.Nodes.SelectMany(daemons.Of).Select(daemon => daemon.StartAsync()));
        foreach (var node in lab.ControlNodes)
        {
            using var api = new ControlNodeApi(node.Name);
            await Poll.UntilAsync($"{node.Name}'s API", async () => Ended() is not null || await api.AnswersAsync());
        }

        if (Ended() is { } ended)
        {
            throw new LabException($"{ended.Name} ended; see {ended.LogFile}");
        }
    }

    private Daemon? Ended() => daemons.All.FirstOrDefault(daemon => daemon.Pid is null);

    private Task ApplyAsync() => ApplyAsync(LabObjects.All(lab));
}
