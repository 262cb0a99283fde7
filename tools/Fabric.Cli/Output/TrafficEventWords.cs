using System.Globalization;
using System.Text.Json;

namespace Fabric.Cli.Output;

/// <summary>Rows of fabric.flows and fabric.drops in words.</summary>
internal static class TrafficEventWords
{
    public static string OfFlow(JsonElement row)
    {
        var (initiator, responder) = (row.At("initiator") ?? default, row.At("responder") ?? default);
        var ends =
            $"{EndPoint(initiator, "address", "port")}{Machine(initiator)} -> {EndPoint(responder, "address", "port")}{Machine(responder)}";
        return $"{row.Text("event")?.ToLowerInvariant()} {row.Protocol()} {ends} in {row.Text("vrf")}: {Verdict(row)}, "
            + $"sent {Traffic(row, "sent")}, received {Traffic(row, "received")}{Translation(row)}{Sampling(row)}";
    }

    public static string OfDrop(JsonElement row)
    {
        var ends = row.At("sourceAddress") is null
            ? "no IP packet"
            : $"{row.Protocol()} {EndPoint(row, "sourceAddress", "sourcePort")} -> {EndPoint(row, "destinationAddress", "destinationPort")}";
        var rule = row.Text("policy") is { } policy ? $" by {policy} {row.Text("rule")}".TrimEnd() : "";
        var vrf = row.Text("vrf") is { } name ? $" in {name}" : "";
        var packets = row.Text("packets") is { } count and not "1" ? $", one of {count} packets" : "";
        return $"{row.Text("reason")}: {ends}{Machine(row)}{vrf}{rule}, {Count.Of(row.Number("length"), "octet")}{packets}";
    }

    private static string Verdict(JsonElement row)
    {
        var rule = string.Join(' ', ((string?[])[row.Text("policy"), row.Text("rule")]).Where(part => part is not null));
        var reason = row.Text("dropReason") is { } text ? $" {text}" : "";
        return $"{row.Text("action")?.ToLowerInvariant()}{reason}{(rule.Length > 0 ? $" by {rule}" : "")}";
    }

    // RFC 5952 section 6: brackets keep an IPv6 address and a port apart.
    private static string EndPoint(JsonElement element, string address, string port)
    {
        var text = element.Text(address) ?? "";
        return $"{(text.Contains(':', StringComparison.Ordinal) ? $"[{text}]" : text)}:{element.Number(port)}";
    }

    private static string Machine(JsonElement element) => element.Text("machine") is { } machine ? $" ({machine})" : "";

    // 64-bit numbers are text in protobuf's JSON, and 0 is absent.
    private static string Traffic(JsonElement row, string name)
    {
        var count = row.At(name) ?? default;
        return $"{Count.Of(Long(count, "packets"), "packet")}/{Count.Of(Long(count, "bytes"), "octet")}";
    }

    private static long Long(JsonElement element, string name) =>
        long.TryParse(element.Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;

    private static string Translation(JsonElement row) =>
        row.At("translation") is { } seen
            ? $", seen as {EndPoint(seen, "initiatorAddress", "initiatorPort")} -> {EndPoint(seen, "responderAddress", "responderPort")}"
            : "";

    private static string Sampling(JsonElement row) =>
        row.Number("sampling") is > 1 and var sampling ? $", one of {sampling} sessions" : "";
}
