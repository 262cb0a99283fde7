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
        return $"{row.Text("event")?.ToLowerInvariant()} {Protocol(row)} {ends} in {row.Text("vrf")}: {Verdict(row)}, {Sessions(row)}"
            + $"sent {Traffic(row, "sent")}, received {Traffic(row, "received")}{Translation(row)}{Sampling(row)}";
    }

    public static string OfDrop(JsonElement row)
    {
        // The interface that it came from, or was meant for: neither end's for certain.
        var machine = row.Text("machine") is { } name ? $" at {name}" : "";
        var rule = row.Text("policy") is { } policy ? $" by {policy} {row.Text("rule")}".TrimEnd() : "";
        var vrf = row.Text("vrf") is { } vrfName ? $" in {vrfName}" : "";
        return $"{row.Text("reason")}: {Dropped(row, $"{machine}{vrf}{rule}")}";
    }

    // The kernel's programs keep no packet of those that they drop.
    private static string Dropped(JsonElement row, string where)
    {
        var packets = Long(row, "packets");
        if (row.Number("length") is not (> 0 and var length))
        {
            return $"{Count.Of(packets, "packet")}{where}";
        }

        var ends = row.At("sourceAddress") is null
            ? "no IP packet"
            : $"{row.Protocol()} {EndPoint(row, "sourceAddress", "sourcePort")} -> {EndPoint(row, "destinationAddress", "destinationPort")}";
        return $"{ends}{where}, {Count.Of(length, "octet")}{(packets > 1 ? $", one of {packets} packets" : "")}";
    }

    // Between blocks of addresses a verdict may be of any protocol.
    private static string Protocol(JsonElement row) => row.At("protocol") is null ? "any" : row.Protocol();

    private static string Verdict(JsonElement row)
    {
        var rule = string.Join(' ', ((string?[])[row.Text("policy"), row.Text("rule")]).Where(part => part is not null));
        var reason = row.Text("dropReason") is { } text ? $" {text}" : "";
        return $"{row.Text("action")?.ToLowerInvariant()}{reason}{(rule.Length > 0 ? $" by {rule}" : "")}";
    }

    private static string EndPoint(JsonElement element, string address, string port)
    {
        var text = element.Text(address) ?? "";
        if (element.Number("prefixLength") is > 0 and var length)
        {
            return $"{text}/{length}";
        }

        // A summary is of any port of the initiator; ICMP's type 0 is absent too.
        return element.Number(port) is > 0 and var number ? $"{WithBrackets(text)}:{number}" : text;
    }

    // RFC 5952 section 6: brackets keep an IPv6 address and a port apart.
    private static string WithBrackets(string address) => address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;

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

    private static string Sessions(JsonElement row) =>
        row.Number("sessions") is > 0 and var sessions ? $"{Count.Of(sessions, "session")}, " : "";

    private static string Sampling(JsonElement row) =>
        row.Number("sampling") is > 1 and var sampling ? $", one of {sampling} sessions" : "";
}
