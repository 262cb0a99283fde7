using System.Text.Json;

namespace Fabric.Cli.Output;

/// <summary>A path's marks and why it is not the best one, in words.</summary>
internal static class PathWords
{
    private static readonly Dictionary<string, string> s_invalid = new()
    {
        ["AsLoop"] = "its AS path contains this AS",
        ["OriginatorLoop"] = "this node originated it",
        ["ClusterLoop"] = "it has been through this cluster",
        ["NoTunnelEncapsulation"] = "it names no tunnel encapsulation that is known here",
        ["VrfUnknown"] = "its VRF is not configured",
        ["NoRouteTarget"] = "its VRF has no export target",
    };

    private static readonly Dictionary<string, string> s_lost = new()
    {
        ["LongLivedStale"] = "long-lived stale",
        ["LocalPreference"] = "lower local preference",
        ["EtreeLeaf"] = "an E-Tree leaf",
        ["NotSticky"] = "not sticky",
        ["MobilitySequence"] = "older mobility sequence",
        ["AsPathLength"] = "longer AS path",
        ["Origin"] = "higher origin",
        ["MultiExitDisc"] = "higher metric (MED)",
        ["SourceKind"] = "a later kind of source (local, agent, external, internal BGP)",
        ["RouterId"] = "higher router id",
        ["ClusterListLength"] = "longer cluster list",
        ["PeerAddress"] = "higher peer address",
        ["RouteDistinguisher"] = "higher route distinguisher",
        ["SourceVrf"] = "later VRF name",
    };

    /// <summary>"S*>", with spaces where a mark is absent.</summary>
    public static string Marks(JsonElement path)
    {
        var stale = path.Flag("stale") ? 'S' : ' ';
        var valid = IsValid(path) ? '*' : ' ';
        var best =
            path.Flag("best") ? '>'
            : path.Flag("equal") ? '='
            : ' ';
        return $"{stale}{valid}{best}";
    }

    public static bool IsValid(JsonElement path) => path.Text("rejection") is not { } rejection || !s_invalid.ContainsKey(rejection);

    /// <summary>Null for the best path.</summary>
    public static string? WhyNot(JsonElement path) =>
        path.Text("rejection") is not { } rejection ? null
        : s_invalid.TryGetValue(rejection, out var invalid) ? "not valid: " + invalid
        : s_lost.TryGetValue(rejection, out var lost) ? lost
        : rejection.Words();

    public static string AsPath(JsonElement path)
    {
        var origin = path.Text("origin") switch
        {
            "IGP" => "i",
            "EGP" => "e",
            _ => "?",
        };
        return path.Text("as-path") is { Length: > 0 } asPath ? $"{asPath} {origin}" : origin;
    }
}
