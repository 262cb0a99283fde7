using System.CommandLine;
using Fabric.Cli.Output;
using Fabric.Primitives;

namespace Fabric.Cli.Commands;

/// <summary>routes: what the control node has in a VRF, with every path and why it is not used.</summary>
internal static class RouteCommands
{
    private static readonly Option<string> s_vrf = new("--vrf")
    {
        Description = "The VRF's full name, or its last part: the network's name.",
        Required = true,
    };

    public static Argument<string?> Prefix { get; } = PrefixArgument();

    public static IEnumerable<Command> Create()
    {
        yield return CliContext.Action(
            new Command("routes", "List a VRF's routes on the control node, with every path and why it is not used.")
            {
                Prefix,
                s_vrf,
                TableCommands.Limit,
            },
            context => PrintAsync(context, "/inspect/routes?vrf=" + Uri.EscapeDataString(context.Parsed.GetValue(s_vrf)!))
        );
    }

    /// <summary>As the programs write prefixes; null for what is none.</summary>
    public static string? Normalize(string text) =>
        IpPrefix.TryParse(text, out var prefix) ? prefix.ToString()
        : IpAddress.TryParse(text, out var address) ? IpPrefix.Host(address).ToString()
        : null;

    private static async Task PrintAsync(CliContext context, string path)
    {
        var prefix = context.Parsed.GetValue(Prefix);
        var query = TableCommands.Query(context, prefix is null ? null : Normalize(prefix));
        var document = await context.Control().GetAsync(path + query);
        context.Print(document, routes => prefix is null ? RouteTable.Of(routes) : RouteDetail.Of(routes));
    }

    private static Argument<string?> PrefixArgument()
    {
        var argument = new Argument<string?>("prefix")
        {
            Description = "ADDRESS or ADDRESS/LENGTH, exactly; all when absent.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        argument.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && Normalize(token.Value) is null)
            {
                result.AddError($"'{token.Value}' is not an address or a prefix such as 10.1.0.3/32");
            }
        });
        return argument;
    }
}
