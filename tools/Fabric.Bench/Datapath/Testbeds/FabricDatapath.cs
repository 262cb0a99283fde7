using Fabric.Bench.Candidates;
using Fabric.Bench.Datapath.Machine;
using Fabric.Model.Datapath;

namespace Fabric.Bench.Datapath.Testbeds;

/// <summary>A fabric-dp on each host.</summary>
/// <param name="program">The fabric-dp to measure.</param>
/// <param name="usesCache">With its flow cache in the kernel, as it is by default; else its C# pipeline alone.</param>
/// <param name="workers">Its worker loops; null: its own default.</param>
internal sealed class FabricDatapath(string name, TestbedPlan plan, string program, TunnelKind kind, bool usesCache, int? workers)
    : Testbed(name, plan)
{
    // The assembly of the kernel's programs: a fabric-dp without it has no flow cache, and no options for it.
    private const string KernelAssembly = "Fabric.Datapath.Kernel.dll";

    private static readonly string[] s_hosts = ["hosta", "hostb"];

    private readonly List<DaemonProcess> _daemons = [];
    private readonly List<StubAgent> _agents = [];

    public override string Carries =>
        kind == TunnelKind.MplsOverGre ? Encapsulation.MplsOverGre(Place.VmB.Label) : Encapsulation.MplsOverUdp(Place.VmB.Label);

    public override IReadOnlyList<DaemonProcess> Daemons => _daemons;

    public override IReadOnlyList<DatapathMetrics> Metrics() =>
        [.. s_hosts.Select(host => DatapathMetrics.Read(Path.Combine(RunFolder(host), "dp-api.sock")))];

    public override void Start(CancellationToken cancellation)
    {
        HostA.Links($"address add {Place.TextOf(Place.HostA)}/24 dev eth0");
        HostB.Links($"address add {Place.TextOf(Place.HostB)}/24 dev eth0");
        _daemons.Add(Launch(HostA, "hosta", Plan.MissRate));
        _daemons.Add(Launch(HostB, "hostb", missRate: 0));
        TellHostA(cancellation);
        Tell("hostb", FabricTables.Of(Plan, Place.HostB, Place.HostA, [Place.VmB], AtHostA, kind), _daemons[1], cancellation);
    }

    public override void Kill() => _daemons[0].Dispose();

    public override void Restart(CancellationToken cancellation)
    {
        _daemons[0] = Launch(HostA, "hosta", Plan.MissRate);
        TellHostA(cancellation);
    }

    public override void Check()
    {
        if (HasFlowCache && Metrics().Any(host => host.HasFlowCache != usesCache))
        {
            throw new BenchException(usesCache ? "the flow cache is not up" : "the flow cache is up, but was switched off");
        }
    }

    public override void Dispose()
    {
        _agents.ForEach(agent => agent.Dispose());
        _daemons.ForEach(daemon => daemon.Dispose());
        Detach(Folder, program);
        base.Dispose();
    }

    /// <summary>Removes what runs that were killed left in the kernel.</summary>
    public static void DetachStale(string program) => NetworkSpace.StaleFolders().ForEach(folder => Detach(folder, program));

    // What a fabric-dp leaves in the kernel outlives it on purpose. A host's node, namespace and files have one name.
    private static void Detach(string folder, string program)
    {
        foreach (var host in s_hosts)
        {
            var config = Path.Combine(folder, $"{host}.yaml");
            if (File.Exists(config))
            {
                Shell.Try(NetworkSpace.Inside($"{Path.GetFileName(folder)}-{host}", [program, "--config", config, "--detach"]));
            }
        }
    }

    private Place[] AtHostA => Plan.HasNeighbour ? [Place.VmA, Place.VmC] : [Place.VmA];

    private bool HasFlowCache => File.Exists(Path.Combine(Path.GetDirectoryName(program)!, KernelAssembly));

    private string RunFolder(string host) => Path.Combine(Folder, host);

    private string ConfigFile(string host) => Path.Combine(Folder, $"{host}.yaml");

    private DaemonProcess Launch(NetworkSpace host, string hostName, int missRate)
    {
        Directory.CreateDirectory(RunFolder(hostName));
        File.WriteAllText(
            ConfigFile(hostName),
            $"""
            node: {Path.GetFileName(Folder)}-{hostName}
            uplink: eth0
            run-dir: {RunFolder(hostName)}
            flow-table-size: {Plan.FlowPairs}
            api: null
            {(HasFlowCache ? $"flow-cache: {(usesCache ? "true" : "false")}\nvif-miss-rate: {missRate}" : "")}
            {(workers is { } count ? $"workers: {count}" : "")}

            """
        );
        return DaemonProcess.Start(Path.Combine(Folder, $"{hostName}.log"), host.Inside(program, "--config", ConfigFile(hostName)));
    }

    private void TellHostA(CancellationToken cancellation) =>
        Tell("hosta", FabricTables.Of(Plan, Place.HostA, Place.HostB, AtHostA, [Place.VmB], kind), _daemons[0], cancellation);

    private void Tell(string host, IReadOnlyList<Batch> tables, DaemonProcess daemon, CancellationToken cancellation)
    {
        var socket = Path.Combine(RunFolder(host), "dp.sock");
        StubAgent? agent;
        while ((agent = StubAgent.TryConnect(socket)) is null)
        {
            cancellation.ThrowIfCancellationRequested();
            if (daemon.HasExited)
            {
                throw new BenchException("fabric-dp ended before it was told its tables");
            }

            cancellation.WaitHandle.WaitOne(20);
        }

        _agents.Add(agent);
        agent.Tell(tables);
    }
}
