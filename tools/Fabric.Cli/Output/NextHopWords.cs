using System.Text.Json;

namespace Fabric.Cli.Output;

/// <summary>Where the next hops of a data plane lead, by id.</summary>
internal sealed class NextHopWords(JsonElement listing)
{
    private readonly Dictionary<long, JsonElement> _byId = listing.Items("items").ToDictionary(hop => hop.Number("id"));

    /// <summary>"vif0/2 (vm-a)", "MPLSoGRE to 192.0.2.12".</summary>
    public string Of(long id) => _byId.TryGetValue(id, out var hop) ? Of(hop) : "discard";

    private static string Of(JsonElement hop) =>
        hop.Text("kind") switch
        {
            "interface" => VifWords.Of(hop) ?? "-",
            "tunnel" => $"{Encapsulation(hop)} to {hop.Text("tunnel-destination")}",
            "receive" => "this host",
            "ecmp" => $"one of {hop.Items("members").Count()}",
            var kind => kind ?? "-",
        };

    public static string? Encapsulation(JsonElement hop) =>
        hop.Text("encapsulation")?.Replace("Over", "o").Replace("Mpls", "MPLS").Replace("Gre", "GRE").Replace("Udp", "UDP");
}
