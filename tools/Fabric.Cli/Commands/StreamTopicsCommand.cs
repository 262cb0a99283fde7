using System.CommandLine;
using Fabric.Cli.Output;

namespace Fabric.Cli.Commands;

/// <summary>stream topics: what there is to read, and what a broker keeps of it.</summary>
internal static class StreamTopicsCommand
{
    public static Command Create() =>
        CliContext.Action(
            new Command("topics", "List the topics: partitions and retention at a broker, and what each carries."),
            context =>
            {
                context.Print(context.Json ? TopicTable.ForPrograms().Indented() : TopicTable.ForPeople());
                return Task.CompletedTask;
            }
        );
}
