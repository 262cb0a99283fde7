using System.CommandLine;
using System.Text.Json;
using Fabric.Cli.Nodes;
using Fabric.Cli.Output;

namespace Fabric.Cli.Commands;

/// <summary>get, describe, apply, diff and delete: the configuration's objects through the API.</summary>
internal static class ObjectCommands
{
    private static readonly string[] s_kinds =
    [
        "virtual-network",
        "subnet",
        "port",
        "security-group",
        "network-connection",
        "bgp-router",
        "global-config",
    ];

    private static readonly Argument<string> s_kind = KindArgument();
    private static readonly Argument<string> s_name = new("name") { Description = "The object's name." };
    private static readonly Argument<string?> s_optionalName = new("name")
    {
        Description = "One object; all when absent.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string> s_project = new("--project", "-p")
    {
        Description = "The object's project.",
        DefaultValueFactory = _ => "default-project",
    };

    private static readonly Option<FileInfo> s_file = new("--file", "-f")
    {
        Description = "YAML documents or JSON; - reads standard input.",
        Required = true,
    };

    public static IEnumerable<Command> Create()
    {
        yield return CliContext.Action(new Command("get", "List objects of a kind.") { s_kind, s_optionalName, s_project }, GetAsync);
        yield return CliContext.Action(new Command("describe", "Show one object whole.") { s_kind, s_name, s_project }, DescribeAsync);
        yield return CliContext.Action(
            new Command("apply", "Create or change objects, all or none.") { s_file },
            context => ApplyAsync(context, "")
        );
        yield return CliContext.Action(
            new Command("diff", "Show what apply would change.") { s_file },
            context => ApplyAsync(context, "?dry-run=true")
        );
        yield return CliContext.Action(new Command("delete", "Delete one object.") { s_kind, s_name, s_project }, DeleteAsync);
    }

    private static Argument<string> KindArgument()
    {
        var argument = new Argument<string>("kind") { Description = string.Join(", ", s_kinds) };
        argument.AcceptOnlyFromAmong([.. s_kinds, .. s_kinds.Select(Plural)]);
        return argument;
    }

    private static string Plural(string kind) =>
        kind.EndsWith('s') ? kind
        : kind == "global-config" ? kind
        : kind + "s";

    private static string Path(CliContext context, string? name)
    {
        var kind = Plural(context.Parsed.GetValue(s_kind)!);
        return name is null
            ? $"/v1/{kind}"
            : $"/v1/{kind}/{Uri.EscapeDataString(name)}?project={Uri.EscapeDataString(context.Parsed.GetValue(s_project)!)}";
    }

    private static async Task GetAsync(CliContext context)
    {
        var name = context.Parsed.GetValue(s_optionalName);
        var document = await context.Nodes.One(NodeRole.Control, context.Node).GetAsync(Path(context, name));
        context.Print(document, found => ObjectTable.Of(found.ValueKind == JsonValueKind.Array ? found.EnumerateArray() : [found]));
    }

    private static async Task DescribeAsync(CliContext context)
    {
        var document = await context.Nodes.One(NodeRole.Control, context.Node).GetAsync(Path(context, context.Parsed.GetValue(s_name)));
        context.Print(document, Yaml.Write);
    }

    private static async Task ApplyAsync(CliContext context, string query)
    {
        var file = context.Parsed.GetValue(s_file)!;
        string text;
        try
        {
            text = file.Name == "-" ? await Console.In.ReadToEndAsync() : await File.ReadAllTextAsync(file.FullName);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException(exception.Message, exception);
        }

        var answer = await context
            .Nodes.One(NodeRole.Control, context.Node)
            .SendAsync(HttpMethod.Post, "/v1/apply" + query, Yaml.ToJsonArray(text, file.Name));
        context.Print(answer, ApplyReport.Of);
    }

    private static async Task DeleteAsync(CliContext context)
    {
        var name = context.Parsed.GetValue(s_name)!;
        await context.Nodes.One(NodeRole.Control, context.Node).SendAsync(HttpMethod.Delete, Path(context, name), body: null);
        context.Print($"{context.Parsed.GetValue(s_kind)} {name} deleted");
    }
}
