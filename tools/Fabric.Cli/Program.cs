using System.CommandLine;
using Fabric.Cli.Commands;
using Fabric.Cli.Output;

return await FabricCommand.RunAsync(
    args,
    PipedOutput.Open() is { } pipe ? new InvocationConfiguration { Output = pipe } : new InvocationConfiguration()
);
