using System.CommandLine;
using System.Text.Json;
using Fabric.Cli.Output;

namespace Fabric.Cli.Commands;

/// <summary>bgp neighbor: one neighbour, what it sent and what it is told.</summary>
internal static class NeighborCommand
{
    private static readonly Argument<string> s_name = new("name") { Description = "The neighbour's name or address." };
    private static readonly Option<string?> s_family = FamilyOption();

    public static Command Create()
    {
        var command = new Command("neighbor", "Show one neighbour: state, capabilities, timers, counters, limits and policies.")
        {
            s_name,
            Routes("received-routes", "List what the neighbour sent, and what a rule or policy rejects.", BgpTable.Received),
            Routes("advertised-routes", "List what the neighbour was told, as it was told.", BgpTable.Advertised),
        };
        return CliContext.Action(
            command,
            async context => context.Print(await context.Control().GetAsync(Path(context)), NeighborDetail.Of)
        );
    }

    public static Option<string?> FamilyOption()
    {
        var option = new Option<string?>("--family")
        {
            Description = "An address family; all of the session when absent.",
            HelpName = "name",
        };
        option.AcceptOnlyFromAmong([.. TableCommands.FamilyNames]);
        return option;
    }

    private static Command Routes(string name, string description, Func<JsonElement, object> people) =>
        CliContext.Action(
            new Command(name, description) { RouteCommands.Prefix, s_family, TableCommands.Limit },
            async context =>
            {
                var prefix = context.Parsed.GetValue(RouteCommands.Prefix) is { } asked ? RouteCommands.Normalize(asked) : null;
                var documents = new List<JsonElement>();
                foreach (var family in await FamiliesAsync(context))
                {
                    documents.Add(
                        await context.Control().GetAsync($"{Path(context)}/{name}?family={family}{TableCommands.Query(context, prefix)}")
                    );
                }

                Print(context, documents, people);
            }
        );

    /// <summary>Those of the session where none is named.</summary>
    private static async Task<IEnumerable<string>> FamiliesAsync(CliContext context) =>
        context.Parsed.GetValue(s_family) is { } family ? [family]
        : context.Parsed.GetValue(RouteCommands.Prefix) is { } prefix ? [prefix.Contains(':', StringComparison.Ordinal) ? "vpnv6" : "vpnv4"]
        : (await context.Control().GetAsync(Path(context))).At("neighbor")?.Items("families").Select(one => one.ToString()) ?? [];

    private static void Print(CliContext context, List<JsonElement> documents, Func<JsonElement, object> people)
    {
        if (context.Json)
        {
            context.Print((documents.Count == 1 ? documents[0] : JsonSerializer.SerializeToElement(documents)).Indented());
        }
        else
        {
            context.Print(string.Join("\n", documents.Select(people)));
        }
    }

    private static string Path(CliContext context) => "/inspect/bgp/neighbors/" + Uri.EscapeDataString(context.Parsed.GetValue(s_name)!);
}
