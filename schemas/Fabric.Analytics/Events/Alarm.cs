namespace Fabric.Analytics;

public sealed partial class Alarm : IStreamEvent
{
    public Topic Topic => Topic.Alarms;

    public string? Key => null;

    public bool IsLastOfKey => false;
}
