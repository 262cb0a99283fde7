using System.Net;

namespace Fabric.Datapath.Host.Configuration;

/// <summary>What the operator tells fabric-dp: who it is, its uplink, and where it is reached. Everything else comes from its agent.</summary>
/// <param name="Node">Name of this host in the fabric; names the nftables table and shows in metrics. Letters, digits, '-', '_' and '.'.</param>
/// <param name="Uplink">The underlay's network device.</param>
/// <param name="RunDirectory">Folder of the sockets dp.sock and dp-api.sock.</param>
/// <param name="FlowTableSize">Flow pairs (a connection is one pair) that the flow table holds; a power of two.</param>
/// <param name="Api">TCP address of metrics and inspection; null: only the unix socket.</param>
public sealed record DatapathOptions(string Node, string Uplink, string RunDirectory, int FlowTableSize, IPEndPoint? Api)
{
    public const int DefaultFlowTableSize = 32_768;
    public const int MinFlowTableSize = 256;
    public const int MaxFlowTableSize = 4_194_304;

    public string AgentSocket => Path.Combine(RunDirectory, "dp.sock");

    public string ApiSocket => Path.Combine(RunDirectory, "dp-api.sock");
}
