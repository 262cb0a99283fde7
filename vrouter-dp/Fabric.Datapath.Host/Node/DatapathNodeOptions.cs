namespace Fabric.Datapath.Host.Node;

/// <param name="FlowTableSize">Flow pairs.</param>
/// <param name="Pipeline">Limits and times of the pipeline.</param>
/// <param name="AgeInterval">How often a part of the flow table is looked through for idle flows.</param>
public sealed record DatapathNodeOptions(int FlowTableSize, PipelineOptions Pipeline, TimeSpan AgeInterval)
{
    public static DatapathNodeOptions Default { get; } =
        new(Configuration.DatapathOptions.DefaultFlowTableSize, new PipelineOptions(), TimeSpan.FromMilliseconds(100));
}
