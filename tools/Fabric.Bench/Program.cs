using Fabric.Bench;
using Fabric.Bench.Datapath;
using Fabric.Bench.Streaming;

return args switch
{
    ["datapath", .. var words] => DatapathCommand.Run(words),
    ["stream", .. var words] => StreamCommand.Run(words),
    _ => BenchCommand.Run(args),
};
