namespace Fabric.Controller.Routes;

/// <summary>Names of the RIB's sources: a neighbour and an agent may have one name.</summary>
internal static class SourceName
{
    private const string BgpPrefix = "bgp:";
    private const string AgentPrefix = "agent:";

    public static string OfNeighbor(string neighbor) => BgpPrefix + neighbor;

    public static string OfAgent(string agent) => AgentPrefix + agent;

    /// <summary>The neighbour's or agent's own name.</summary>
    public static string Plain(string source) =>
        source.StartsWith(BgpPrefix, StringComparison.Ordinal) ? source[BgpPrefix.Length..]
        : source.StartsWith(AgentPrefix, StringComparison.Ordinal) ? source[AgentPrefix.Length..]
        : source;
}
