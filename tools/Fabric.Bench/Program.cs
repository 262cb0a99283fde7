using Fabric.Bench;
using Fabric.Bench.Datapath;

return args is ["datapath", .. var words] ? DatapathCommand.Run(words) : BenchCommand.Run(args);
