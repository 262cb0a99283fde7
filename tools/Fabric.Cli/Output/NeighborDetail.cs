using System.Text;
using System.Text.Json;

namespace Fabric.Cli.Output;

/// <summary>One neighbour in the lines of FRR's "show bgp neighbors".</summary>
internal static class NeighborDetail
{
    public static string Of(JsonElement document)
    {
        var neighbor = document.At("neighbor")!.Value;
        var text = new StringBuilder();
        text.Append($"BGP neighbor is {neighbor.Text("address")}, remote AS {neighbor.Text("as")}, ");
        text.Append($"local AS {document.Text("local-as")}, {document.Text("link")} link\n");
        text.Append($"  Name: {neighbor.Text("name")}\n");
        Append(text, "  Description: ", neighbor.Text("description"));
        text.Append($"  BGP version 4, remote router ID {document.Text("router-id") ?? "unknown"}\n");
        text.Append($"  BGP state = {neighbor.Text("state")}{Since(neighbor)}\n");
        Append(text, "  It does not read: its routes are held back for ", Duration.Blocked(neighbor));
        Append(text, "  Not established: ", neighbor.Text("reason"));
        Append(text, "  hint: ", neighbor.Text("hint"));
        Append(text, "  Last reset: ", document.Text("last-end"));
        if (document.Number("failed-attempts") is > 0 and var attempts)
        {
            text.Append($"  Attempts in a row that a NOTIFICATION ended: {attempts}\n");
        }

        if (document.Flag("over-limit"))
        {
            text.Append("  It had sent more prefixes than it may\n");
        }

        if (neighbor.Flag("restarting"))
        {
            text.Append("  Graceful restart: its routes are kept as stale until its End-of-RIB\n");
        }

        AppendTimers(text, document.At("timers")!.Value);
        AppendRoles(text, document);
        AppendCapabilities(text, document);
        AppendMessages(text, document);
        foreach (var family in neighbor.Items("family-counts"))
        {
            AppendFamily(text, family);
        }

        AppendPolicies(text, document);
        return text.ToString();
    }

    private static string Since(JsonElement neighbor) =>
        Duration.Up(neighbor) is { } up ? $", up for {up}"
        : Duration.Down(neighbor) is { } down ? $", down for {down}"
        : "";

    private static void AppendTimers(StringBuilder text, JsonElement timers)
    {
        text.Append(
            timers.Text("hold") is { } hold
                ? $"  Hold time is {hold} seconds, keepalive interval is {timers.Text("keepalive")} seconds\n"
                : ""
        );
        text.Append($"  Configured hold time is {timers.Text("configured-hold")} seconds, ");
        text.Append($"connect retry {timers.Text("connect-retry")} seconds\n");
        text.Append($"  Graceful restart: it is asked to keep our routes for {timers.Text("restart-time")} seconds, ");
        text.Append($"its own are kept for at most {timers.Text("helper-limit")} seconds\n");
    }

    private static void AppendRoles(StringBuilder text, JsonElement document)
    {
        text.Append(
            document.Flag("passive") ? "  Its connection is waited for\n" : $"  It is connected to at port {document.Text("port")}\n"
        );
        if (document.Flag("route-reflector-client"))
        {
            text.Append("  Route-Reflector Client\n");
        }
    }

    private static void AppendCapabilities(StringBuilder text, JsonElement document)
    {
        List<JsonElement> capabilities = [.. document.Items("capabilities")];
        if (capabilities.Count == 0)
        {
            return;
        }

        text.Append("  Neighbor capabilities:\n");
        foreach (var capability in capabilities)
        {
            text.Append($"    {capability.Text("name")}: {Sides(capability.Text("advertised"), capability.Text("received"))}\n");
        }
    }

    private static string Sides(string? advertised, string? received) =>
        (advertised, received) switch
        {
            ({ } ours, { } theirs) when ours == theirs => "advertised and received" + InBrackets(ours),
            ({ } ours, { } theirs) => $"advertised{InBrackets(ours)} and received{InBrackets(theirs)}",
            ({ } ours, null) => "advertised" + InBrackets(ours),
            (null, { } theirs) => "received" + InBrackets(theirs),
            _ => "",
        };

    private static string InBrackets(string value) => value.Length == 0 ? "" : $" ({value})";

    private static void AppendMessages(StringBuilder text, JsonElement document)
    {
        var table = new TextTable("  Message statistics:", "Sent", "Rcvd");
        List<JsonElement> messages = [.. document.Items("messages")];
        foreach (var message in messages)
        {
            table.Row("    " + message.Text("type"), message.Text("sent"), message.Text("received"));
        }

        table.Row("    Total", messages.Sum(one => one.Number("sent")), messages.Sum(one => one.Number("received")));
        text.Append(table);
        var neighbor = document.At("neighbor")!.Value;
        text.Append(
            $"    Inq depth is {neighbor.Number("input-octets")} octets, outq depth is {neighbor.Number("output-octets")} octets\n"
        );
    }

    private static void AppendFamily(StringBuilder text, JsonElement family)
    {
        text.Append($"  For address family: {FamilyWords.Of(family.Text("family")!)}\n");
        var rejected = family.Number("routes-rejected") is var count and not 0 ? $" ({count} rejected)" : "";
        text.Append($"    Prefixes: {family.Text("routes-received")} received{rejected}, {family.Text("routes-sent")} sent\n");
        Append(text, "    Maximum prefixes allowed: ", family.Text("limit"));
    }

    private static void AppendPolicies(StringBuilder text, JsonElement document)
    {
        text.Append($"  Memberships (RFC 4684): {document.Text("memberships")}\n");
        text.Append($"  Import policies: {Names(document, "import-policies")}\n");
        text.Append($"  Export policies: {Names(document, "export-policies")}\n");
    }

    private static string Names(JsonElement document, string member) => document.Joined(member) is { Length: > 0 } names ? names : "none";

    private static void Append(StringBuilder text, string label, string? value)
    {
        if (value is not null)
        {
            text.Append(label).Append(value).Append('\n');
        }
    }
}
