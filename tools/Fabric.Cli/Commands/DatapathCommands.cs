using System.CommandLine;
using System.Text;
using System.Text.Json;
using Fabric.Cli.Nodes;
using Fabric.Cli.Output;

namespace Fabric.Cli.Commands;

/// <summary>vif, rt, nh, mpls, drops and dp: the tables and counters of each host's data plane.</summary>
internal static class DatapathCommands
{
    private const string All = "?limit=100000";
    private const string NextHops = "/inspect/next-hops" + All;

    private static readonly Option<string?> s_vrf = new("--vrf")
    {
        Description = "A VRF's id on the host, its full name or the last part of it; all when absent.",
    };

    public static IEnumerable<Command> Create()
    {
        yield return List("vif", "List the virtual interfaces with their counters.", "/inspect/vifs" + All, VifTable.Of);
        yield return CliContext.Action(new Command("rt", "List the routes of the data plane.") { s_vrf }, RoutesAsync);
        yield return List("nh", "List the next hops.", NextHops, NextHopTable.Of);
        yield return CliContext.Action(
            new Command("mpls", "List the incoming labels."),
            context => context.PrintPerNodeAsync(NodeRole.Datapath, LabelsAsync)
        );
        yield return List("drops", "Count the dropped packets by reason, and list the latest.", "/inspect/drops", DropTable.Of);
        yield return new Command("dp", "Look at the data plane as a whole.")
        {
            List("stats", "Show its state and the counters of its devices.", "/inspect/status", DatapathStatistics.Of),
        };
    }

    private static Command List(string name, string description, string path, Func<JsonElement, object> people) =>
        CliContext.Action(new Command(name, description), context => context.PrintPerNodeAsync(NodeRole.Datapath, path, people));

    private static async Task RoutesAsync(CliContext context)
    {
        var name = context.Parsed.GetValue(s_vrf);
        var isFound = false;
        await context.PrintPerNodeAsync(
            NodeRole.Datapath,
            async client =>
            {
                var vrfs = await client.GetAsync("/inspect/vrfs" + All);
                var vrf = name is null ? "" : Find(vrfs, name);
                if (vrf is null)
                {
                    return null;
                }

                isFound = true;
                var routes = await client.GetAsync("/inspect/routes" + All + (vrf.Length > 0 ? "&vrf=" + vrf : ""));
                return new NodeAnswer(routes, InetRouteTable.Of(routes, vrfs, await client.GetAsync(NextHops)));
            }
        );
        if (!isFound)
        {
            throw new CliException(
                $"no data plane here has a VRF {name}",
                "a host has a VRF while it has a port in it: fabric vrfs lists them"
            );
        }
    }

    private static string? Find(JsonElement vrfs, string name) =>
        vrfs.Items("items")
            .FirstOrDefault(vrf =>
                vrf.Text("id") == name || vrf.Text("name") == name || vrf.Text("name")!.EndsWith($":{name}", StringComparison.Ordinal)
            )
            .Text("id");

    private static async Task<NodeAnswer?> LabelsAsync(NodeClient client)
    {
        var labels = await client.GetAsync("/inspect/labels" + All);
        var words = new NextHopWords(await client.GetAsync(NextHops));
        var table = new TextTable("Label", "NextHop", "Leads to");
        foreach (var label in labels.Items("items"))
        {
            table.Row(label.Text("label"), label.Text("next-hop"), words.Of(label.Number("next-hop")));
        }

        return new NodeAnswer(labels, Cut.Note(new StringBuilder($"MPLS Input Label Map\n{table}"), labels));
    }
}
