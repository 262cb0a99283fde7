using System.CommandLine;
using Fabric.Cli.Output;

namespace Fabric.Cli.Commands;

/// <summary>bgp clear: sessions begin anew, or their routes are sent again, in the words of FRR's "clear bgp".</summary>
internal static class ClearCommand
{
    private const string All = "all";

    private static readonly Argument<string> s_name = new("name")
    {
        Description = "The neighbour's name or address; all: every neighbour.",
    };
    private static readonly Option<string?> s_family = NeighborCommand.FamilyOption();
    private static readonly Option<string?> s_message = new("--message", "-m")
    {
        Description = "What the neighbour is told (RFC 9003).",
        HelpName = "words",
    };

    public static Command Create()
    {
        var command = new Command("clear", "End a neighbour's session and begin it anew; with soft, only send routes again.")
        {
            s_name,
            s_message,
        };
        var soft = new Command("soft", "Ask for the neighbour's routes again, and tell it ours; the session goes on.")
        {
            s_family,
            Mode(new Command("in", "Ask the neighbour for its routes again (RFC 2918).") { s_family }, "soft-in"),
            Mode(new Command("out", "Tell the neighbour its routes again.") { s_family }, "soft-out"),
        };
        command.Add(Mode(soft, "soft"));
        return Mode(command, "hard");
    }

    private static Command Mode(Command command, string mode) => CliContext.Action(command, context => ClearAsync(context, mode));

    private static async Task ClearAsync(CliContext context, string mode)
    {
        var name = context.Parsed.GetValue(s_name)!;
        var path = name == All ? "/v1/bgp/neighbors/clear" : $"/v1/bgp/neighbors/{Uri.EscapeDataString(name)}/clear";
        var query =
            $"?mode={mode}{Query("family", context.Parsed.GetValue(s_family))}{Query("message", context.Parsed.GetValue(s_message))}";
        context.Print(await context.Control().SendAsync(HttpMethod.Post, path + query, body: null), ClearReport.Of);
    }

    private static string Query(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";
}
