using Fabric.Cli.Commands;

return await FabricCommand.RunAsync(args);
