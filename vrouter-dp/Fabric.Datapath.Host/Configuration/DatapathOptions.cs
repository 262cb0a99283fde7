using System.Net;
using Fabric.Hosting;
using Fabric.Hosting.Logging;

namespace Fabric.Datapath.Host.Configuration;

/// <summary>What the operator tells fabric-dp: who it is, its uplink, and where it is reached. Everything else comes from its agent.</summary>
/// <param name="Node">Name of this host in the fabric; names the nftables table and shows in metrics. Letters, digits, '-', '_' and '.'.</param>
/// <param name="Uplink">The underlay's network device.</param>
/// <param name="RunDirectory">Folder of the sockets dp.sock and dp-api.sock.</param>
/// <param name="FlowTableSize">Flow pairs (a connection is one pair) that the flow table holds; a power of two.</param>
/// <param name="FlowCache">Whether the kernel's eBPF programs forward what they can.</param>
/// <param name="VifMissRate">Packets without a flow entry that may come up from one virtual interface in a second, and as many from the underlay to it; 0: no limit.</param>
/// <param name="UnderlayMissRate">Packets of the underlay that lead to no virtual interface and may come up in a second; 0: no limit.</param>
/// <param name="Workers">Worker loops, each a thread.</param>
/// <param name="Api">TCP address of metrics and inspection; null: only the unix socket.</param>
public sealed record DatapathOptions(
    string Node,
    string Uplink,
    string RunDirectory,
    int FlowTableSize,
    bool FlowCache,
    int VifMissRate,
    int UnderlayMissRate,
    int Workers,
    IPEndPoint? Api
)
{
    public const int DefaultVifMissRate = 50_000;
    public const int DefaultUnderlayMissRate = 10_000;
    public const int MaxMissRate = 10_000_000;

    public const int DefaultFlowTableSize = 32_768;
    public const int MinFlowTableSize = 256;
    public const int MaxFlowTableSize = 4_194_304;

    public const int MaxWorkers = Shared.SharedSizes.MaxWorkers;

    /// <summary>One for each processor that the process may run on.</summary>
    public static int DefaultWorkers => Math.Min(Environment.ProcessorCount, MaxWorkers);

    public LogFormat LogFormat { get; init; }

    public HttpAccess Http { get; init; } = new();

    public string AgentSocket => Path.Combine(RunDirectory, "dp.sock");

    /// <summary>Where the maps and attachments of the flow cache outlive the process: a folder of a BPF file system.</summary>
    public string PinFolder => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(RunDirectory)) ?? "/", "bpf", Node);

    public string ApiSocket => Path.Combine(RunDirectory, "dp-api.sock");
}
