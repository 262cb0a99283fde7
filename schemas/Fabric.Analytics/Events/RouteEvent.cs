namespace Fabric.Analytics;

public sealed partial class RouteEvent : IStreamEvent
{
    public Topic Topic => Topic.Routes;

    public string? Key => null;

    public bool IsLastOfKey => false;
}
