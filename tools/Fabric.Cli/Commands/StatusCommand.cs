using System.CommandLine;
using Fabric.Cli.Nodes;
using Fabric.Cli.Output;

namespace Fabric.Cli.Commands;

/// <summary>status: every program of this machine and its sessions, with the reason and a hint where one is not well.</summary>
internal static class StatusCommand
{
    public static Command Create(TimeProvider time) =>
        CliContext.Action(
            new Command(
                "status",
                "Show every program of this machine and its sessions, with the reason and a hint where one is not well; exit code 1 then."
            ),
            context => RunAsync(context, time)
        );

    private static async Task RunAsync(CliContext context, TimeProvider time)
    {
        var programs = await Task.WhenAll(context.Nodes.Expected(context.Node).Select(client => AskAsync(client, time)));
        context.Print(context.Json ? StatusReport.ForPrograms(programs).Indented() : StatusReport.ForPeople(programs));
        if (!StatusReport.IsWell(programs))
        {
            context.Fail();
        }
    }

    private static async Task<ProgramStatus> AskAsync(NodeClient client, TimeProvider time)
    {
        try
        {
            return ProgramStatus.Of(client.Node, client.Role, await client.GetAsync("/inspect/status"), time.GetUtcNow());
        }
        catch (CliException cause)
        {
            return ProgramStatus.Down(client.Node, client.Role, cause);
        }
    }
}
