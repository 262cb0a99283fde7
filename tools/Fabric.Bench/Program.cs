using Fabric.Bench;

return BenchCommand.Run(args);
