using System.Text;
using System.Text.Json;

namespace Fabric.Cli.Output;

/// <summary>A data plane's virtual interfaces in the layout of "vif --list".</summary>
internal static class VifTable
{
    private const int Indent = 12;

    public static string Of(JsonElement listing)
    {
        var text = new StringBuilder("Vrouter Interface Table (RX: from the VM; Flags: P=Policy)\n");
        foreach (var vif in listing.Items("items"))
        {
            var groups = vif.Joined("access-lists");
            text.Append('\n')
                .Append($"vif0/{vif.Text("id")}".PadRight(Indent))
                .Append($"OS: {vif.Text("device")} NH: {vif.Text("next-hop")}\n");
            Line(text, $"Type:Virtual HWaddr:{vif.Text("mac")} IPaddr:{vif.Joined("addresses", ",")}");
            Line(text, $"Vrf:{vif.Text("vrf")} Flags:{(groups.Length > 0 ? "P" : "-")} Network:{vif.Text("network")}");
            Line(text, $"Port:{vif.Text("port-id")}{(vif.Text("machine") is { } machine ? $" VM:{machine}" : "")}");
            Line(text, groups.Length > 0 ? $"Security groups:{groups}" : "Security groups:none, all is allowed inside the network");
            Line(text, $"RX packets:{vif.Text("received-packets")}  bytes:{vif.Text("received-bytes")}");
            Line(text, $"TX packets:{vif.Text("sent-packets")}  bytes:{vif.Text("sent-bytes")}");
            Line(text, $"Drops:{vif.Text("dropped-packets")}  Flows:{vif.Text("flows")}");
        }

        return Cut.Note(text, listing);
    }

    private static void Line(StringBuilder text, string line) => text.Append(' ', Indent).Append(line).Append('\n');
}
