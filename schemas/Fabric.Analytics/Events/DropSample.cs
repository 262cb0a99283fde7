namespace Fabric.Analytics;

public sealed partial class DropSample : IStreamEvent
{
    public Topic Topic => Topic.Drops;

    public string? Key => null;

    public bool IsLastOfKey => false;
}
