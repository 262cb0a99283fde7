namespace Fabric.Analytics;

public sealed partial class ApiChange : IStreamEvent
{
    public Topic Topic => Topic.Audit;

    public string? Key => null;

    public bool IsLastOfKey => false;
}
