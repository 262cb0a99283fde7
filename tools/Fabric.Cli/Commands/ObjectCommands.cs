using System.CommandLine;
using System.Text.Json;
using Fabric.Cli.Output;
using Fabric.Model.Config;

namespace Fabric.Cli.Commands;

/// <summary>get, describe, apply, diff and delete: the configuration's objects through the API.</summary>
internal static class ObjectCommands
{
    private static readonly Argument<string> s_kind = KindArgument();
    private static readonly Argument<string> s_name = new("name") { Description = "The object's name." };
    private static readonly Argument<string?> s_optionalName = new("name")
    {
        Description = "One object; all when absent.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> s_project = new("--project", "-p")
    {
        Description = $"The project; {ConfigObject.DefaultProject} for one object, all for a list, when absent.",
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
            context => ApplyAsync(context, isDryRun: false)
        );
        yield return CliContext.Action(
            new Command("diff", "Show what apply would change.") { s_file },
            context => ApplyAsync(context, isDryRun: true)
        );
        yield return CliContext.Action(new Command("delete", "Delete one object.") { s_kind, s_name, s_project }, DeleteAsync);
    }

    private static Argument<string> KindArgument()
    {
        var words = ConfigKinds.All.Select(kind => kind.Word()).ToArray();
        var argument = new Argument<string>("kind") { Description = string.Join(", ", words) + "; the plural does too." };
        argument.AcceptOnlyFromAmong([.. words, .. ConfigKinds.All.Select(kind => kind.Plural())]);
        argument.CompletionSources.Clear();
        argument.CompletionSources.Add(words);
        return argument;
    }

    private static ConfigKind Kind(CliContext context)
    {
        var word = context.Parsed.GetValue(s_kind)!;
        return ConfigKinds.All.First(kind => word == kind.Word() || word == kind.Plural());
    }

    private static string Path(CliContext context, string? name)
    {
        var path = "/v1/" + Kind(context).Plural() + (name is null ? "" : "/" + Uri.EscapeDataString(name));
        return context.Parsed.GetValue(s_project) is { } project ? $"{path}?project={Uri.EscapeDataString(project)}" : path;
    }

    private static async Task GetAsync(CliContext context)
    {
        var name = context.Parsed.GetValue(s_optionalName);
        var document = await context.Control().GetAsync(Path(context, name));
        context.Print(document, found => ObjectTable.Of(found.ValueKind == JsonValueKind.Array ? found.EnumerateArray() : [found]));
    }

    private static async Task DescribeAsync(CliContext context)
    {
        var document = await context.Control().GetAsync(Path(context, context.Parsed.GetValue(s_name)));
        context.Print(document, Yaml.Write);
    }

    private static async Task ApplyAsync(CliContext context, bool isDryRun)
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
            .Control()
            .SendAsync(HttpMethod.Post, isDryRun ? "/v1/apply?dry-run=true" : "/v1/apply", Yaml.ToJsonArray(text, file.Name));
        context.Print(answer, changes => ApplyReport.Of(changes, isDryRun));
    }

    private static async Task DeleteAsync(CliContext context)
    {
        var name = context.Parsed.GetValue(s_name)!;
        await context.Control().SendAsync(HttpMethod.Delete, Path(context, name), body: null);
        context.Print($"{Kind(context).Word()} {name} deleted");
    }
}
