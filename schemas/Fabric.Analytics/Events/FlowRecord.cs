namespace Fabric.Analytics;

public sealed partial class FlowRecord : IStreamEvent
{
    public Topic Topic => Topic.Flows;

    public string? Key => null;

    public bool IsLastOfKey => false;
}
