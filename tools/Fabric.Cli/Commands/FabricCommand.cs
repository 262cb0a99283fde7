using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Fabric.Cli.Output;
using Fabric.Cli.Support;

namespace Fabric.Cli.Commands;

/// <summary>The whole command line.</summary>
public static class FabricCommand
{
    /// <summary>Not well, or refused, or no answer.</summary>
    public const int Failed = 1;

    /// <summary>The command line itself was wrong; nothing was done.</summary>
    public const int WrongUsage = 2;

    public static Task<int> RunAsync(
        IReadOnlyList<string> arguments,
        InvocationConfiguration? configuration = null,
        TimeProvider? time = null
    ) => RunAsync(arguments, configuration, time ?? TimeProvider.System, BundleSources.Default);

    internal static async Task<int> RunAsync(
        IReadOnlyList<string> arguments,
        InvocationConfiguration? configuration,
        TimeProvider time,
        BundleSources sources,
        CancellationToken cancellation = default
    )
    {
        configuration ??= new InvocationConfiguration();
        var parsed = Create(time, sources).Parse(arguments.Count == 0 ? ["--help"] : arguments);
        if (parsed.Action is not ParseErrorAction)
        {
            // The handler would print the trace of what is caught here.
            configuration.EnableDefaultExceptionHandler = false;
            try
            {
                return await parsed.InvokeAsync(configuration, cancellation);
            }
            catch (IOException exception) when (PipedOutput.IsClosed(exception))
            {
                // As in "| head": the reader has what it wants.
                return 0;
            }
            catch (IOException exception)
            {
                // What commands read or write themselves they tell of themselves: this is the output, on a full disk for one.
                await configuration.Error.WriteLineAsync($"error: the output cannot be written: {exception.Message}");
                return Failed;
            }
        }

        var error = parsed.UnmatchedTokens is [var unknown, ..]
            ? $"'{unknown}' is not known here"
            : string.Join("; ", parsed.Errors.Select(one => one.Message));
        await configuration.Error.WriteLineAsync("error: " + error);
        await configuration.Error.WriteLineAsync($"hint: {Path(parsed.CommandResult)} --help shows what can be said");
        return WrongUsage;
    }

    private static string Path(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{Path(parent)} {command.Command.Name}" : "fabric";

    private static RootCommand Create(TimeProvider time, BundleSources sources)
    {
        var root = new RootCommand(
            "fabric: look at and steer a Fabric network. Exit code 0: done and well; 1: not well, refused or no answer; 2: wrong usage."
        )
        {
            CliContext.RunDirectoryOption,
            CliContext.NodeOption,
            CliContext.JsonOption,
        };
        root.Add(StatusCommand.Create(time));
        AddAll(root, ObjectCommands.Create());
        AddAll(root, RouteCommands.Create());
        root.Add(BgpCommand.Create());
        AddAll(root, AgentCommands.Create());
        root.Add(FlowsCommand.Create(time));
        AddAll(root, DatapathCommands.Create());
        root.Add(StreamCommand.Create());
        root.Add(SupportBundleCommand.Create(time, sources));
        root.Add(Completion.Create());
        return root;
    }

    private static void AddAll(RootCommand root, IEnumerable<Command> commands)
    {
        foreach (var command in commands)
        {
            root.Add(command);
        }
    }
}
