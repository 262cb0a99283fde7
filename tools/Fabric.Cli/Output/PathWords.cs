using System.Text.Json;

namespace Fabric.Cli.Output;

/// <summary>A path's marks, and why it won or lost, in words.</summary>
internal static class PathWords
{
    private static readonly Dictionary<string, string> s_invalid = new()
    {
        ["AsLoop"] = "its AS path contains this AS",
        ["OriginatorLoop"] = "this node originated it",
        ["ClusterLoop"] = "it has been through this cluster",
        ["FirstAs"] = "its AS path does not begin with the neighbour's AS",
        ["OwnNextHop"] = "its next hop is this node",
        ["LinkLocalNextHop"] = "its next hop is a link-local address, without a global one",
        ["AsPathTooLong"] = "its AS path is longer than the neighbour may send",
        ["RouteLeak"] = "it is for customers only (RFC 9234)",
        ["NoPolicy"] = "the external neighbour has no policy (RFC 8212)",
        ["Policy"] = "a policy rejects it",
        ["TooLong"] = "its attributes, with what policies add, fit in no message",
        ["NoTunnelEncapsulation"] = "it names no tunnel encapsulation that is known here",
        ["VrfUnknown"] = "its VRF is not configured",
        ["NoRouteTarget"] = "its VRF has no export target",
    };

    private static readonly Dictionary<string, string> s_steps = new()
    {
        ["LongLivedStale"] = "long-lived staleness",
        ["LocalPreference"] = "local preference",
        ["EtreeLeaf"] = "E-Tree root or leaf",
        ["NotSticky"] = "sticky MAC",
        ["MobilitySequence"] = "MAC mobility sequence",
        ["PeAddress"] = "address of the PE that has the MAC",
        ["AsPathLength"] = "AS path length",
        ["Origin"] = "origin",
        ["MultiExitDisc"] = "metric (MED)",
        ["SourceKind"] = "kind of source",
        ["RouterId"] = "router id",
        ["ClusterListLength"] = "cluster list length",
        ["PeerAddress"] = "peer address",
        ["RouteDistinguisher"] = "route distinguisher",
        ["SourceVrf"] = "VRF name",
    };

    /// <summary>"S*>", with spaces where a mark is absent.</summary>
    public static string Marks(JsonElement path)
    {
        var stale = path.Flag("stale") ? 'S' : ' ';
        var valid = path.Flag("valid") ? '*' : ' ';
        return $"{stale}{valid}{Choice(path)}";
    }

    /// <summary>"*>i": valid or stale, best or multipath, internal.</summary>
    public static string FrrMarks(JsonElement path)
    {
        var valid =
            path.Flag("stale") ? 'S'
            : path.Flag("valid") ? '*'
            : ' ';
        return $"{valid}{Choice(path)}{(path.Flag("internal") ? 'i' : ' ')}";
    }

    /// <summary>Null for the only path of a route.</summary>
    public static string? Why(JsonElement path) =>
        path.At("decision") is not { } decision ? null
        : !path.Flag("valid") ? "not valid: " + Invalid(decision)
        : (path.Flag("best") ? "best by " : "not best by ") + Lost(decision);

    /// <summary>Null for the best path.</summary>
    public static string? WhyNot(JsonElement path) => path.Flag("best") ? null : Why(path);

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

    /// <summary>All communities; route targets and encapsulations as FRR writes them.</summary>
    public static IEnumerable<string> Communities(JsonElement path) =>
        path.Items("communities")
            .Select(community => community.ToString())
            .Concat(path.Items("large-communities").Select(community => "LC:" + community))
            .Concat(path.Items("extended-communities").Select(community => Extended(community.ToString())));

    public static string Extended(string community) =>
        community.Replace("target:", "RT:", StringComparison.Ordinal).Replace("encapsulation:", "ET:", StringComparison.Ordinal);

    private static char Choice(JsonElement path) =>
        path.Flag("best") ? '>'
        : path.Flag("equal") ? '='
        : ' ';

    private static string Invalid(JsonElement decision)
    {
        if (decision.Text("policy") is { } policy)
        {
            return $"policy {policy}, term {decision.Text("term")} rejects it";
        }

        var step = decision.Text("step")!;
        var value = decision.Text("value") is { Length: > 0 } known ? $" ({known})" : "";
        return s_invalid.GetValueOrDefault(step, step.Words()) + value;
    }

    private static string Lost(JsonElement decision)
    {
        var step = decision.Text("step")!;
        var words = s_steps.GetValueOrDefault(step, step.Words());
        return decision.Text("value") is { } value && decision.Text("against-value") is { } other
            ? $"{words}: {value} against {other} of {decision.Text("against")}"
            : $"{words}, against {decision.Text("against")}";
    }
}
