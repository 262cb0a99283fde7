using System.Text.Json.Nodes;
using Fabric.Lab.Definition;

namespace Fabric.Lab.Checks;

/// <summary>The GoBGP gateway, through its own command.</summary>
internal sealed class GoBgp(CheckContext context, LabGateway gateway)
{
    /// <summary>The route targets that a control node asked for (RFC 4684), as <c>64512:8000001</c>.</summary>
    public async Task<IReadOnlySet<string>> MembershipAsync(LabNode controlNode)
    {
        var output = await context
            .Paths.Namespace(gateway.Name)
            .MustAsync("gobgp", "neighbor", controlNode.Address.ToString(), "adj-in", "-a", "rtc", "-j");
        return ParseMembership(output);
    }

    // The keys are NLRI: origin AS, ':' and the target.
    internal static IReadOnlySet<string> ParseMembership(string json) =>
        (JsonNode.Parse(json) as JsonObject ?? []).Select(entry => entry.Key.Split(':', 2)[^1]).ToHashSet(StringComparer.Ordinal);
}
