using System.CommandLine;
using System.Text.Json;
using Fabric.Cli.Output;

namespace Fabric.Cli.Commands;

/// <summary>bgp: the control node's neighbours, VPN routes and memberships.</summary>
internal static class BgpCommand
{
    private static readonly Argument<string> s_name = new("name") { Description = "The neighbour's name or address." };
    private static readonly Option<string> s_family = FamilyOption();
    private static readonly Option<bool> s_why = new("--why") { Description = "Show why each path that is not the best one lost." };

    public static Command Create() =>
        new("bgp", "Look at the control node's BGP.")
        {
            CliContext.Action(
                new Command("summary", "List the neighbours."),
                context => PrintAsync(context, "/inspect/bgp/summary", BgpSummary.Table)
            ),
            CliContext.Action(
                new Command("neighbor", "Show one neighbour.") { s_name },
                context =>
                    PrintAsync(
                        context,
                        "/inspect/bgp/neighbors/" + Uri.EscapeDataString(context.Parsed.GetValue(s_name)!),
                        BgpSummary.Neighbor
                    )
            ),
            CliContext.Action(
                new Command("routes", "List the VPN routes; with a prefix, all that is known of its paths.")
                {
                    RouteCommands.Prefix,
                    s_family,
                    s_why,
                },
                context =>
                    RouteCommands.PrintAsync(
                        context,
                        "/inspect/bgp/routes?family=" + context.Parsed.GetValue(s_family),
                        context.Parsed.GetValue(s_why)
                    )
            ),
            CliContext.Action(
                new Command("memberships", "List the route targets that are asked for (RFC 4684), and by whom."),
                context => PrintAsync(context, "/inspect/bgp/memberships", Memberships)
            ),
            CliContext.Action(
                new Command("vrfs", "List the VRFs with their route targets and the agents that are in them."),
                context => PrintAsync(context, "/inspect/vrfs", Vrfs)
            ),
        };

    private static Option<string> FamilyOption()
    {
        var option = new Option<string>("--family") { Description = "vpnv4 or vpnv6.", DefaultValueFactory = _ => "vpnv4" };
        option.AcceptOnlyFromAmong("vpnv4", "vpnv6");
        return option;
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
