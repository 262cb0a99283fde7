using System.CommandLine;
using Fabric.Cli.Commands;

var root = new RootCommand("fabric: look at and steer a Fabric network.")
{
    CliContext.RunDirectoryOption,
    CliContext.NodeOption,
    CliContext.JsonOption,
};
foreach (var command in ObjectCommands.Create())
{
    root.Add(command);
}

root.Add(Completion.Create());
return await root.Parse(args).InvokeAsync();
