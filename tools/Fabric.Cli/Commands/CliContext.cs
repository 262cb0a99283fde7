using System.CommandLine;
using System.CommandLine.Completions;
using System.Text.Json;
using Fabric.Cli.Nodes;
using Fabric.Cli.Output;

namespace Fabric.Cli.Commands;

/// <summary>What every command has: where the nodes are, which one is meant, and whether people or programs read the output.</summary>
public sealed class CliContext
{
    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private int _exitCode;

    private CliContext(ParseResult parsed, CancellationToken cancellation)
    {
        Parsed = parsed;
        Cancellation = cancellation;
        _output = parsed.InvocationConfiguration.Output;
        _error = parsed.InvocationConfiguration.Error;
        Node = parsed.GetValue(NodeOption);
        Json = parsed.GetValue(JsonOption);
        Nodes = new NodeDirectory(parsed.GetValue(RunDirectoryOption)!);
    }

    public static Option<string> RunDirectoryOption { get; } =
        new("--run-dir")
        {
            Description = "Folder of the nodes' folders with sockets, or of one node.",
            DefaultValueFactory = _ => NodeDirectory.DefaultRunDirectory,
            Recursive = true,
        };

    public static Option<string?> NodeOption { get; } = CreateNodeOption();

    public static Option<bool> JsonOption { get; } =
        new("--json")
        {
            Description = "Print the program's document; without --node, commands that ask every host print an object keyed by node.",
            Recursive = true,
        };

    public ParseResult Parsed { get; }

    /// <summary>Ends a command that would run until it is interrupted.</summary>
    public CancellationToken Cancellation { get; }

    public NodeDirectory Nodes { get; }

    public string? Node { get; }

    public bool Json { get; }

    /// <summary>Something was not well so far.</summary>
    public bool HasFailed => _exitCode != 0;

    /// <summary>Gives a command its action; errors become one line and a hint on standard error.</summary>
    public static Command Action(Command command, Func<CliContext, Task> action)
    {
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var context = new CliContext(parsed, cancellation);
                try
                {
                    await action(context);
                }
                catch (CliException exception)
                {
                    context.Warn(exception);
                }
                catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
                {
                    // Ctrl-C is how following ends.
                }

                return context._exitCode;
            }
        );
        return command;
    }

    public void Print(object text) => _output.WriteLine(VisibleText.OfLines(text.ToString()!.TrimEnd('\n')));

    /// <summary>Prints the document itself for programs, or what <paramref name="people"/> makes of it.</summary>
    public void Print(JsonElement document, Func<JsonElement, object> people) => Print(Json ? document.Indented() : people(document));

    /// <summary>Says how far it is, beside the output.</summary>
    public void Note(string line) => _error.WriteLine(line);

    /// <summary>Something is not well: the command goes on, and ends with exit code 1.</summary>
    public void Fail() => _exitCode = FabricCommand.Failed;

    /// <summary>As <see cref="Fail"/>, and says why.</summary>
    public void Warn(CliException exception)
    {
        Fail();
        _error.WriteLine("error: " + VisibleText.OfLines(exception.Message));
        if (exception.Hint is { } hint)
        {
            _error.WriteLine("hint: " + VisibleText.OfLines(hint));
        }
    }

    /// <summary>The one control node of this machine, or that of --node.</summary>
    public NodeClient Control() => Nodes.One(NodeRole.Control, Node);

    /// <summary>
    /// Asks every program of a role and prints the answers node by node; a program that does not answer hides none of the others.
    /// For programs: the document where --node names one, else an object keyed by node, however many there are.
    /// </summary>
    /// <param name="role">Whom to ask.</param>
    /// <param name="ask">The answer of one; null where it has nothing to say.</param>
    public async Task PrintPerNodeAsync(NodeRole role, Func<NodeClient, Task<NodeAnswer?>> ask)
    {
        var clients = Nodes.Every(role, Node);
        var documents = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var client in clients)
        {
            try
            {
                if (await ask(client) is { } answer)
                {
                    documents.Add(client.Node, answer.Document);
                    PrintText(clients.Count > 1 ? client.Node : null, answer.Text, isFirst: documents.Count == 1);
                }
            }
            catch (CliException exception)
            {
                Warn(exception);
            }
        }

        if (Json)
        {
            PrintJson(documents);
        }
    }

    /// <summary>As above, of one document a node.</summary>
    public Task PrintPerNodeAsync(NodeRole role, string path, Func<JsonElement, object> people) =>
        PrintPerNodeAsync(
            role,
            async client =>
            {
                var document = await client.GetAsync(path);
                return new NodeAnswer(document, people(document));
            }
        );

    private void PrintText(string? heading, object text, bool isFirst)
    {
        if (Json)
        {
            return;
        }

        Print(heading is null ? text : $"{(isFirst ? "" : "\n")}-- {heading}\n{text}");
    }

    private void PrintJson(SortedDictionary<string, JsonElement> documents)
    {
        if (Node is null)
        {
            Print(JsonSerializer.SerializeToElement(documents).Indented());
        }
        else if (documents.Count > 0)
        {
            Print(documents.Values.First().Indented());
        }
    }

    private static Option<string?> CreateNodeOption()
    {
        var option = new Option<string?>("--node", "-n")
        {
            Description = "The node to ask; needed where several would answer.",
            Recursive = true,
            HelpName = "name",
        };
        option.CompletionSources.Add(context =>
            new NodeDirectory(context.ParseResult.GetValue(RunDirectoryOption) ?? NodeDirectory.DefaultRunDirectory)
                .Names()
                .Select(name => new CompletionItem(name))
        );
        return option;
    }
}
