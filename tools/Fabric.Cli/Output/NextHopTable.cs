using System.Text;
using System.Text.Json;

namespace Fabric.Cli.Output;

/// <summary>A data plane's next hops in the layout of "nh --list".</summary>
internal static class NextHopTable
{
    private const int IdWidth = 10;

    public static string Of(JsonElement listing)
    {
        var text = new StringBuilder();
        foreach (var hop in listing.Items("items"))
        {
            text.Append($"Id:{hop.Text("id")!.PadRight(IdWidth)} Type:{Type(hop)}\n");
            if (hop.Text("vif") is { } vif)
            {
                text.Append("              ").Append($"Oif:{vif}{(hop.Text("machine") is { } machine ? $" ({machine})" : "")}\n");
            }

            if (hop.Text("tunnel-destination") is { } destination)
            {
                text.Append("              ").Append($"Flags:{NextHopWords.Encapsulation(hop)}  Dip:{destination}\n");
            }

            if (hop.Items("members").Any())
            {
                var members = hop.Items("members").Select(member => $"{member.Text("next-hop")}({member.Text("label")})");
                text.Append("              ").Append($"Sub NH(label): {string.Join(' ', members)}\n");
            }
        }

        return Cut.Note(text, listing);
    }

    private static string Type(JsonElement hop) =>
        hop.Text("kind") switch
        {
            "interface" => "Encap",
            "tunnel" => "Tunnel",
            "ecmp" => "Composite",
            "receive" => "Receive",
            _ => "Drop",
        };
}
