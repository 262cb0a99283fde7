using System.CommandLine;
using Fabric.Cli.Output;
using Fabric.Primitives;

namespace Fabric.Cli.Commands;

/// <summary>bgp vpnv4 and the like: the table of each address family.</summary>
internal static class TableCommands
{
    private static readonly Option<bool> s_why = new("--why") { Description = "Say why each path won or lost." };

    /// <summary>A part of the words that stand for NLRI without a prefix.</summary>
    private static readonly Argument<string?> s_nlri = new("nlri")
    {
        Description = "Routes whose NLRI contains this; all when absent.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Option<int?> Limit { get; } =
        new("--limit") { Description = "So many routes at most; 1000 when absent.", HelpName = "number" };

    public static IEnumerable<string> FamilyNames => AddressFamily.All.Select(family => family.Name);

    public static IEnumerable<Command> Create() => AddressFamily.All.Select(Create);

    /// <summary>The rest of a query: the limit, and what was asked for.</summary>
    public static string Query(CliContext context, string? prefix) =>
        (prefix is null ? "" : "&prefix=" + Uri.EscapeDataString(prefix))
        + (context.Parsed.GetValue(Limit) is { } limit ? $"&limit={limit}" : "");

    private static Command Create(AddressFamily family)
    {
        var hasPrefix = family != AddressFamily.RouteTargetMembership && family != AddressFamily.L2VpnEvpn;
        var argument = hasPrefix ? RouteCommands.Prefix : s_nlri;
        var command = new Command(family.Name, $"List the {family.Name} routes; of one prefix, all that is known of its paths.")
        {
            argument,
            s_why,
            Limit,
        };
        return CliContext.Action(command, context => PrintAsync(context, family, argument));
    }

    private static async Task PrintAsync(CliContext context, AddressFamily family, Argument<string?> argument)
    {
        var asked = context.Parsed.GetValue(argument);
        var wanted = asked is not null && argument == RouteCommands.Prefix ? RouteCommands.Normalize(asked) : asked;
        var document = await context.Control().GetAsync($"/inspect/bgp/routes?family={family.Name}{Query(context, wanted)}");
        var isWhy = context.Parsed.GetValue(s_why);
        context.Print(document, routes => asked is null ? BgpTable.Of(routes, isWhy) : RouteDetail.Of(routes));
    }
}
