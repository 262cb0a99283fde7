namespace Fabric.Analytics;

public sealed partial class SessionEvent : IStreamEvent
{
    public Topic Topic => Topic.Sessions;

    public string? Key => null;

    public bool IsLastOfKey => false;
}
