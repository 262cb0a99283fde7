using System.Globalization;
using System.Text.Json.Nodes;

namespace Fabric.Lab.Checks;

/// <summary>A row of fabric.flows as a consumer got it.</summary>
/// <param name="Node">The host that reports the session.</param>
/// <param name="Action">ALLOW or DENY.</param>
/// <param name="Rule">GROUP/RULE; empty where no group decided.</param>
/// <param name="Started">When the session began, by the host's clock.</param>
/// <param name="Arrived">When the consumer had the row, by the clock of the same machine.</param>
internal sealed record FlowRow(
    string Node,
    string Source,
    string Destination,
    int Port,
    string Action,
    string Rule,
    DateTimeOffset Started,
    DateTimeOffset Arrived
)
{
    public double Seconds => (Arrived - Started).TotalSeconds;

    public static FlowRow Parse(string line, DateTimeOffset arrived)
    {
        var row = JsonNode.Parse(line)!;
        var policy = (string?)row["policy"];
        return new FlowRow(
            (string?)row["envelope"]?["node"] ?? "",
            (string?)row["initiator"]?["address"] ?? "",
            (string?)row["responder"]?["address"] ?? "",
            (int?)row["responder"]?["port"] ?? 0,
            (string?)row["action"] ?? "",
            string.IsNullOrEmpty(policy) ? "" : $"{policy}/{(string?)row["rule"]}",
            DateTimeOffset.Parse((string?)row["started"] ?? "", CultureInfo.InvariantCulture),
            arrived
        );
    }
}
