using Fabric.Agent.Core;

namespace Fabric.Agent.Node;

/// <summary>Who hears of a controller's session: the set that chooses controllers, and behind it the node.</summary>
internal interface IControllerLinkOwner
{
    void Established(ControllerLink link);

    void Down(ControllerLink link, bool wasEstablished, string reason);

    void Raise(AgentEvent happened);

    void InputSkipped(ControllerLink link, string reason);
}
