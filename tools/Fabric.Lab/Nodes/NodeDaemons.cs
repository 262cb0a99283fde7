using Fabric.Lab.Definition;
using Fabric.Lab.Machine;

namespace Fabric.Lab.Nodes;

/// <summary>Which programs a node runs, and the configuration that each is given.</summary>
internal sealed class NodeDaemons(LabDefinition lab, LabPaths paths)
{
    public KafkaCluster Kafka { get; } = new(lab, paths);

    public IEnumerable<Daemon> All => [Kafka.Daemon, .. lab.Nodes.SelectMany(Of)];

    public IReadOnlyList<Daemon> Of(LabNode node) =>
        node switch
        {
            LabGateway { Software: "frr" } => [Frr(node)],
            LabGateway => [GoBgp(node)],
            _ when lab.ControlNodes.Contains(node) => [Own(node, "control", Programs.Control)],
            _ => [Own(node, "dp", Programs.Datapath), Own(node, "agent", Programs.Agent)],
        };

    public Daemon Find(string name) =>
        All.FirstOrDefault(daemon => daemon.Name == name)
        ?? throw new LabException($"there is no '{name}'; it is one of: {string.Join(", ", All.Select(daemon => daemon.Name))}");

    /// <summary>Writes every configuration file; the daemons can then be started in any order.</summary>
    public void Configure()
    {
        foreach (var node in lab.Nodes)
        {
            Directory.CreateDirectory(paths.Directory(node.Name));
            Directory.CreateDirectory(LabPaths.Sockets(node.Name));
            Directory.CreateDirectory(paths.StateOf(node.Name));
        }

        foreach (var node in lab.ControlNodes)
        {
            File.WriteAllText(ConfigFile(node, "control"), DaemonConfig.Control(lab, paths, node, Kafka.Servers));
        }

        foreach (var node in lab.Hosts)
        {
            File.WriteAllText(ConfigFile(node, "agent"), DaemonConfig.Agent(lab, paths, node, Kafka.Servers));
            File.WriteAllText(ConfigFile(node, "dp"), DaemonConfig.Datapath(node));
        }

        foreach (var node in lab.Gateways)
        {
            Directory.CreateDirectory(FrrVty(node));
            File.WriteAllText(ConfigFile(node, node.Software), GatewayConfig.Of(lab, node));
        }
    }

    /// <summary>The directory of FRR's vty socket, for <c>vtysh --vty_socket</c>.</summary>
    public string FrrVty(LabNode node) => Path.Combine(paths.Directory(node.Name), "vty");

    private string ConfigFile(LabNode node, string role) => Path.Combine(paths.Directory(node.Name), $"{role}.conf");

    private Daemon Own(LabNode node, string role, string[] program) => Daemon(node, role, [.. program, "--config", ConfigFile(node, role)]);

    // -n and -Z: no kernel and no zebra; -S: stay root, as the directories are the lab's and not FRR's.
    private Daemon Frr(LabNode node) =>
        Daemon(
            node,
            "frr",
            [
                Programs.FrrBgpd,
                .. "-n -Z -S -P 0 --log stdout --log-level info".Split(' '),
                "--vty_socket",
                FrrVty(node),
                "-i",
                Path.Combine(paths.Directory(node.Name), "bgpd.pid"),
                "-f",
                ConfigFile(node, "frr"),
            ]
        );

    private Daemon GoBgp(LabNode node) =>
        Daemon(node, "gobgp", ["gobgpd", "--api-hosts", "127.0.0.1:50051", "-f", ConfigFile(node, "gobgp")]);

    private Daemon Daemon(LabNode node, string role, string[] arguments) =>
        new(node.Name, role, paths.Namespace(node.Name), paths.Directory(node.Name), arguments);
}
