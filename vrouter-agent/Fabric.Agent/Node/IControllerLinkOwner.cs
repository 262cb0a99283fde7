using Fabric.Agent.Core;

namespace Fabric.Agent.Node;

/// <summary>Who hears of a controller's session: the set that chooses controllers, and behind it the node.</summary>
internal interface IControllerLinkOwner
{
    void Established(ControllerLink link);

    /// <summary>A session ended, or a try failed; news unless it failed as the one before.</summary>
    void Down(ControllerLink link, bool wasEstablished, bool isNews);

    void Raise(AgentEvent happened);

    void InputSkipped(ControllerLink link, string reason);
}
