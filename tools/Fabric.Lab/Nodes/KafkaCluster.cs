using System.Net;
using System.Net.Sockets;
using Fabric.Lab.Definition;
using Fabric.Lab.Machine;

namespace Fabric.Lab.Nodes;

/// <summary>
/// The Kafka cluster of a lab. Its clients connect to the addresses that the cluster itself tells them, so <c>fabric-broker</c>, which runs in the user's own
/// network namespace, makes it reachable under the same address there and in those of control nodes and hosts.
/// </summary>
internal sealed class KafkaCluster(LabDefinition lab, LabPaths paths)
{
    /// <summary>The name under which it stands beside the nodes.</summary>
    public const string Name = "kafka";

    // Not Kafka's 9092: there are the metrics of the agents.
    private const int Port = 19092;
    private const int AgentMetricsPort = 9092;

    /// <summary>The file of a given cluster's addresses; none: the lab has one of its own.</summary>
    private string GivenFile => Path.Combine(paths.Directory(Name), "given");

    private string ReadyFile => ReadyFileOf(paths);

    private string? Given => File.Exists(GivenFile) ? File.ReadAllText(GivenFile) : null;

    /// <summary>ADDRESS:PORT, separated by commas: what a client bootstraps from.</summary>
    public string Servers => Given ?? $"{IPAddress.Loopback}:{Port}";

    public Daemon Daemon =>
        new(
            Name,
            "broker",
            null,
            paths.Directory(Name),
            [
                .. Programs.Broker,
                "--port-file",
                ReadyFile,
                .. Given is { } servers
                    ? ["--servers", servers]
                    : new[] { "--port", $"{Port}", "--topics", Programs.Topics, "--partitions", "1" },
                .. Clients.SelectMany(node => new[] { "--namespace", paths.Namespace(node.Name).Path }),
            ]
        );

    private IEnumerable<LabNode> Clients => [.. lab.ControlNodes, .. lab.Hosts];

    /// <summary>Ends it, whatever else there still is of the lab.</summary>
    public static Task StopAsync(LabPaths paths) =>
        // It is known by its file for the port alone: the other arguments are the lab file's.
        new Daemon(Name, "broker", null, paths.Directory(Name), [ReadyFileOf(paths)]).StopAsync("KILL");

    /// <exception cref="LabException">Such addresses cannot be passed on to the nodes.</exception>
    public void Configure(string? given)
    {
        Directory.CreateDirectory(paths.Directory(Name));
        if (given is not null)
        {
            Parse(given);
            File.WriteAllText(GivenFile, given);
        }
    }

    /// <summary>Returns when the cluster can be reached from the nodes.</summary>
    public async Task StartAsync()
    {
        foreach (var address in Parse(Servers).Select(server => server.Address).Where(address => !IPAddress.IsLoopback(address)).Distinct())
        {
            await Task.WhenAll(Clients.Select(node => paths.Namespace(node.Name).ConfigureAsync($"address add {address}/32 dev lo")));
        }

        await Daemon.StartAsync();
        await Poll.UntilAsync($"{Daemon.Name} (see {Daemon.LogFile})", () => File.Exists(ReadyFile) || Daemon.Pid is null);
        if (!File.Exists(ReadyFile))
        {
            throw new LabException($"{Daemon.Name} ended: {File.ReadLines(Daemon.LogFile).LastOrDefault()}");
        }
    }

    /// <summary>The words of the list, each as an address that a namespace can have.</summary>
    internal static IReadOnlyList<IPEndPoint> Parse(string servers) =>
        [
            .. servers
                .Split(',')
                .Select(text =>
                    !IPEndPoint.TryParse(text, out var server) || server.AddressFamily != AddressFamily.InterNetwork || server.Port == 0
                        ? throw new LabException(
                            $"--kafka {text}: expected an IPv4 ADDRESS:PORT, as the cluster tells its clients (its advertised.listeners)"
                        )
                    : IPAddress.IsLoopback(server.Address) && server.Port == AgentMetricsPort
                        ? throw new LabException(
                            $"--kafka {text}: there the agents' metrics are on the hosts; give the cluster another port or address"
                        )
                    : server
                ),
        ];

    private static string ReadyFileOf(LabPaths paths) => Path.Combine(paths.Directory(Name), "servers");
}
