using System.CommandLine;
using System.Globalization;
using Fabric.Cli.Nodes;
using Fabric.Cli.Support;

namespace Fabric.Cli.Commands;

/// <summary>support-bundle: what somebody who helps wants to see, in one file without secrets.</summary>
internal static class SupportBundleCommand
{
    private static readonly Option<FileInfo?> s_output = new("--output", "-o")
    {
        Description = "The file; fabric-support-MACHINE-TIME.tar.gz in this folder when absent. Only its owner can read it.",
        HelpName = "file",
    };

    // In place of the root's, which names one.
    private static readonly Option<string[]> s_nodes = new("--node", "-n")
    {
        Description = "The nodes to look at, and the option may be repeated; all of this machine when absent.",
        HelpName = "name",
        AllowMultipleArgumentsPerToken = true,
    };

    public static Command Create(TimeProvider time, BundleSources sources) =>
        CliContext.Action(
            new Command("support-bundle", "Collect state, metrics, options, logs and the kernel's view into one file, without secrets.")
            {
                s_output,
                s_nodes,
            },
            context => RunAsync(context, time, sources)
        );

    private static async Task RunAsync(CliContext context, TimeProvider time, BundleSources sources)
    {
        var programs = Programs(context.Nodes, context.Parsed.GetValue(s_nodes) ?? []);
        var file = context.Parsed.GetValue(s_output)?.FullName ?? DefaultFile(time);
        var redactor = new Redactor();
        try
        {
            await using var archive = new BundleArchive(file, redactor, sources.Limits, time, context.Note);
            await new SupportBundle(archive, redactor, sources, context.Nodes.Folder, context.Cancellation).TakeAsync(programs);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException(exception.Message, exception);
        }

        context.Print(file);
    }

    /// <summary>Nothing that runs is no reason to have no bundle: the machine may say why.</summary>
    private static List<NodeClient> Programs(NodeDirectory nodes, string[] wanted)
    {
        if (wanted.Length == 0)
        {
            return nodes.Names().Count == 0 ? [] : [.. nodes.All()];
        }

        return
        [
            .. wanted
                .Distinct(StringComparer.Ordinal)
                .SelectMany(node =>
                    nodes.All(node) is { Count: > 0 } found
                        ? found
                        : throw new CliException($"no Fabric process runs as node {node}", "fabric status lists what runs")
                ),
        ];
    }

    private static string DefaultFile(TimeProvider time) =>
        Path.GetFullPath(
            string.Create(
                CultureInfo.InvariantCulture,
                $"fabric-support-{Environment.MachineName}-{time.GetUtcNow():yyyyMMdd-HHmmss}.tar.gz"
            )
        );
}
