using System.CommandLine;
using System.Text.Json;
using Fabric.Cli.Nodes;
using Fabric.Cli.Output;

namespace Fabric.Cli.Commands;

/// <summary>What every command has: where the nodes are, which one is meant, and whether people or programs read the output.</summary>
public sealed class CliContext
{
    public static Option<string> RunDirectoryOption { get; } =
        new("--run-dir")
        {
            Description = "Folder of the nodes' sockets.",
            DefaultValueFactory = _ => NodeDirectory.DefaultRunDirectory,
            Recursive = true,
        };

    public static Option<string?> NodeOption { get; } =
        new("--node", "-n") { Description = "The node to ask; needed where several would answer.", Recursive = true };

    public static Option<bool> JsonOption { get; } = new("--json") { Description = "Print JSON with stable keys.", Recursive = true };

    private readonly TextWriter _output;

    private CliContext(ParseResult parsed, TextWriter output)
    {
        Parsed = parsed;
        _output = output;
        Node = parsed.GetValue(NodeOption);
        Json = parsed.GetValue(JsonOption);
        Nodes = new NodeDirectory(parsed.GetValue(RunDirectoryOption)!);
    }

    public ParseResult Parsed { get; }

    public NodeDirectory Nodes { get; }

    public string? Node { get; }

    public bool Json { get; }

    /// <summary>Gives a command its action; errors become one line and a hint on standard error.</summary>
    public static Command Action(Command command, Func<CliContext, Task> action)
    {
        command.SetAction(
            async (parsed, _) =>
            {
                try
                {
                    await action(new CliContext(parsed, parsed.InvocationConfiguration.Output));
                    return 0;
                }
                catch (CliException exception)
                {
                    var error = parsed.InvocationConfiguration.Error;
                    await error.WriteLineAsync("error: " + exception.Message);
                    if (exception.Hint is { } hint)
                    {
                        await error.WriteLineAsync("hint: " + hint);
                    }

                    return 1;
                }
            }
        );
        return command;
    }

    public void Print(object text) => _output.WriteLine(text.ToString()!.TrimEnd('\n'));

    /// <summary>Prints the document itself for programs, or what <paramref name="people"/> makes of it.</summary>
    public void Print(JsonElement document, Func<JsonElement, object> people) => Print(Json ? document.Indented() : people(document));

    /// <summary>Asks every program of a role and prints one table per node; for programs an array with a "node" in each entry.</summary>
    public async Task PrintPerNodeAsync(NodeRole role, string path, Func<JsonElement, object> people)
    {
        var clients = Nodes.Every(role, Node);
        var documents = new List<(string Node, JsonElement Document)>();
        foreach (var client in clients)
        {
            documents.Add((client.Node, await client.GetAsync(path)));
        }

        if (Json)
        {
            var nodes = documents.ToDictionary(entry => entry.Node, entry => entry.Document);
            Print(JsonSerializer.SerializeToElement(nodes).Indented());
            return;
        }

        foreach (var (node, document) in documents)
        {
            if (documents.Count > 1)
            {
                Print($"-- {node}");
            }

            Print(people(document));
        }
    }
}
