using System.Text.Json.Nodes;

namespace Fabric.Interop.Routes;

/// <summary>FRR's words for EVPN routes.</summary>
internal static class EvpnFields
{
    public const string Command = "show bgp l2vpn evpn route json";

    /// <summary>Of each route the fields of its NLRI, its extended communities in order and its next hop.</summary>
    public static IReadOnlyList<string> Of(string table) =>
        [
            .. JsonNode
                .Parse(table)!
                .AsObject()
                .Where(entry => entry.Value is JsonObject)
                .SelectMany(distinguisher => distinguisher.Value!.AsObject())
                .Where(entry => entry.Key.StartsWith('['))
                .Select(entry => (entry.Key, Path: entry.Value!["paths"]![0]![0]!))
                .Select(entry => $"{entry.Key} {Communities(entry.Path)} {entry.Path["nexthops"]![0]!["ip"]}"),
        ];

    private static string Communities(JsonNode path) =>
        string.Join(' ', ((string)path["extendedCommunity"]!["string"]!).Split(' ').Order(StringComparer.Ordinal));
}
