using Fabric.Datapath.Host.PacketIo;
using Fabric.Datapath.Inspection;
using Fabric.Primitives;

namespace Fabric.Datapath.Host.Inspection;

// The JSON of /inspect, beside the records of Fabric.Datapath.Inspection. Property names are written in kebab case
// ("received-packets"), enum values too ("no-destination-route"), addresses and prefixes as text. Fields may be added; none changes.

/// <summary>GET /inspect/status.</summary>
/// <param name="Node">Name from the configuration.</param>
/// <param name="Version">Version of the program.</param>
/// <param name="AgentConnected">Whether an agent holds the channel now.</param>
/// <param name="Generation">Generation of the last batch.</param>
/// <param name="TunnelSource">The host's underlay address; absent until the agent has told it.</param>
/// <param name="UnderlayMtu">Largest IPv4 packet of the underlay.</param>
/// <param name="Flows">Entries in use, two for a connection.</param>
/// <param name="FlowCapacity">Entries at most.</param>
/// <param name="Workers">Worker loops.</param>
/// <param name="PacketIo">The devices and what keeps packets from them.</param>
public sealed record StatusRecord(
    string Node,
    string Version,
    bool AgentConnected,
    ulong Generation,
    IpAddress? TunnelSource,
    int UnderlayMtu,
    int Flows,
    int FlowCapacity,
    int Workers,
    PacketIoStatus PacketIo
);

/// <summary>A list that may be longer than what was asked for.</summary>
/// <param name="Items">At most "limit" items of the answer.</param>
/// <param name="Total">How many there are.</param>
public sealed record Listing<T>(IReadOnlyList<T> Items, int Total)
{
    public static Listing<T> Of(IReadOnlyList<T> all, int limit) => new(all.Count <= limit ? all : [.. all.Take(limit)], all.Count);
}

/// <summary>GET /inspect/drops: counters that are not zero, and the latest drops, newest last.</summary>
public sealed record DropsRecord(IReadOnlyList<DropCountRecord> Counters, Listing<RecentDropRecord> Recent);

/// <summary>A security group as the data plane holds it.</summary>
public sealed record AccessListRecord(uint Id, string Name, IReadOnlyList<AccessRuleRecord> Rules);

/// <summary>A rule that allows; absent remotes are anyone. Protocol 0 is any.</summary>
public sealed record AccessRuleRecord(
    string Name,
    string Direction,
    uint Protocol,
    uint PortMin,
    uint PortMax,
    IpPrefix? RemotePrefix,
    uint? RemoteGroup
);

/// <summary>The body of an answer that is an error.</summary>
public sealed record ErrorRecord(string Error);
