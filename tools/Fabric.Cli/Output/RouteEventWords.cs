using System.Text.Json;

namespace Fabric.Cli.Output;

/// <summary>A row of fabric.routes in words.</summary>
internal static class RouteEventWords
{
    public static string Of(JsonElement row)
    {
        var distinguisher = row.Text("routeDistinguisher") is { } text ? $" RD {text}" : "";
        var route = $"{row.Text("change")?.ToLowerInvariant()} {row.Text("prefix")}{distinguisher} in {row.Text("table")} from {Peer(row)}";
        var attributes = string.Join(", ", Attributes(row).Where(part => part.Length > 0));
        return attributes.Length > 0 ? $"{route}: {attributes}" : route;
    }

    private static string Peer(JsonElement row) =>
        row.Text("peer") is not { } peer ? "itself"
        : row.Text("peerKind") == "XMPP_PEER" ? $"agent {peer}"
        : $"neighbour {peer}";

    private static IEnumerable<string> Attributes(JsonElement row)
    {
        yield return Attribute(row, "nextHop", "via ");
        yield return row.Items("labels").Any() ? $"label {row.Joined("labels", "/")}" : "";
        yield return Attribute(row, "asPath", "AS path ");
        yield return Attribute(row, "localPreference", "local preference ");
        yield return Attribute(row, "multiExitDiscriminator", "MED ");
        yield return row.Joined("routeTargets", " ");
        yield return row.Items("communities").Any() ? $"communities {row.Joined("communities", " ")}" : "";
        yield return row.Flag("best") ? "best" : "";
        yield return row.Flag("stale") ? "stale" : "";
    }

    private static string Attribute(JsonElement row, string name, string before) => row.Text(name) is { } value ? before + value : "";
}
