using System.CommandLine;
using System.Text.Json;
using Fabric.Cli.Output;
using Fabric.Primitives;

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

    /// <summary>Of the session: the one that is named, else those that have such a prefix, else all.</summary>
    /// <exception cref="CliException">It has none of them: an empty table would say that there are no routes.</exception>
    private static async Task<IReadOnlyList<string>> FamiliesAsync(CliContext context)
    {
        var document = await context.Control().GetAsync(Path(context));
        List<string> all = [.. document.At("neighbor")?.Items("families").Select(one => one.ToString()) ?? []];
        var (named, prefix) = (context.Parsed.GetValue(s_family), context.Parsed.GetValue(RouteCommands.Prefix));
        List<string> wanted =
            named is not null ? [.. all.Where(family => family == named)]
            : prefix is null ? all
            : [.. all.Where(family => HasPrefix(family, isIpv6: prefix.Contains(':', StringComparison.Ordinal)))];
        return wanted.Count > 0
            ? wanted
            : throw new CliException(
                $"{context.Parsed.GetValue(s_name)} has no {named ?? "family with such prefixes"}",
                $"its families are {string.Join(", ", all)}"
            );
    }

    private static bool HasPrefix(string name, bool isIpv6) =>
        AddressFamily.TryParse(name, out var family) && family != AddressFamily.RouteTargetMembership && family.Afi == (isIpv6 ? 2 : 1);

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
