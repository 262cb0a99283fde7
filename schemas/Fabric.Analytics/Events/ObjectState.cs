namespace Fabric.Analytics;

public sealed partial class ObjectState : IStreamEvent
{
    public Topic Topic => Topic.Objects;

    /// <summary>KIND/PROJECT/NAME: two slashes even where there is no project.</summary>
    public string Key => $"{Kind}/{Project}/{Name}";

    public bool IsLastOfKey => Deleted;
}
