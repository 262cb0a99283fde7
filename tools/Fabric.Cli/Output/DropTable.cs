using System.Text;
using System.Text.Json;

namespace Fabric.Cli.Output;

/// <summary>Why a data plane dropped packets: counters as in "dropstats", then the latest drops.</summary>
internal static class DropTable
{
    public static string Of(JsonElement drops)
    {
        var totals = drops.Items("counters").Where(counter => counter.At("vif") is null).ToList();
        if (totals.Count == 0)
        {
            return "no packet was dropped";
        }

        var perVif = drops.Items("counters").Where(counter => counter.At("vif") is not null).ToLookup(counter => counter.Text("reason"));
        var table = new TextTable("REASON", "PACKETS", "OF THEM BY INTERFACE");
        foreach (var total in totals.OrderByDescending(total => total.Number("packets")))
        {
            var shares = perVif[total.Text("reason")].Select(share => $"{VifWords.Of(share)}: {share.Text("packets")}");
            table.Row(total.Text("reason"), total.Text("packets"), string.Join(", ", shares));
        }

        return new StringBuilder().Append(table).Append(Recent(drops.At("recent") ?? default)).ToString();
    }

    private static string Recent(JsonElement recent)
    {
        var table = new TextTable("PROTO", "SOURCE", "DESTINATION", "INTERFACE", "REASON", "RULE");
        foreach (var drop in recent.Items("items"))
        {
            table.Row(
                drop.Protocol(),
                $"{drop.Text("source")}:{drop.Text("source-port")}",
                $"{drop.Text("destination")}:{drop.Text("destination-port")}",
                VifWords.Of(drop) ?? "uplink",
                drop.Text("reason"),
                drop.Text("rule")
            );
        }

        return table.Count == 0 ? "" : $"\nlatest drops, newest last:\n{table}";
    }
}
