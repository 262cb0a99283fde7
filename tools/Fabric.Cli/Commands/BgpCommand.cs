using System.CommandLine;
using System.Text.Json;
using Fabric.Cli.Output;

namespace Fabric.Cli.Commands;

/// <summary>bgp: the control node's neighbours, tables and memberships, and what an operator does to sessions.</summary>
internal static class BgpCommand
{
    public static Command Create()
    {
        var command = new Command("bgp", "Look at the control node's BGP, and clear its sessions.")
        {
            CliContext.Action(
                new Command("summary", "List the neighbours with what they sent and are told, family by family."),
                context => PrintAsync(context, "/inspect/bgp/summary", BgpSummary.Of)
            ),
            NeighborCommand.Create(),
            ClearCommand.Create(),
            DumpCommand.Create(),
            CliContext.Action(
                new Command("memberships", "List the route targets that are asked for (RFC 4684), and by whom."),
                context => PrintAsync(context, "/inspect/bgp/memberships", Memberships)
            ),
            CliContext.Action(
                new Command("vrfs", "List the VRFs with their route targets and the agents that are in them."),
                context => PrintAsync(context, "/inspect/vrfs", Vrfs)
            ),
        };
        foreach (var table in TableCommands.Create())
        {
            command.Add(table);
        }

        return command;
    }

    private static async Task PrintAsync(CliContext context, string path, Func<JsonElement, object> people) =>
        context.Print(await context.Control().GetAsync(path), people);

    private static TextTable Memberships(JsonElement document)
    {
        var table = new TextTable("MEMBERSHIP", "ORIGINATED HERE", "ASKED FOR BY");
        foreach (var membership in document.Items("memberships"))
        {
            table.Row(membership.Text("membership"), membership.Flag("originated") ? "yes" : "no", membership.Joined("sources"));
        }

        return table;
    }

    private static TextTable Vrfs(JsonElement document)
    {
        var table = new TextTable("VRF", "IMPORT", "EXPORT", "AGENTS", "ROUTES");
        foreach (var vrf in document.Items("vrfs"))
        {
            table.Row(
                vrf.Text("name"),
                vrf.Joined("import-targets"),
                vrf.Joined("export-targets"),
                vrf.Joined("subscribers"),
                vrf.Text("routes")
            );
        }

        return table;
    }
}
