using Fabric.Agent.Core.Routes;
using Fabric.Primitives;

namespace Fabric.Agent.Core.Publishing;

/// <summary>A port's address as controllers hear of it; its next hop is this host.</summary>
public sealed record PublishedRoute(VrfPrefix Key, MplsLabel Label, string Network, EquatableArray<uint> SecurityGroups)
{
    /// <summary>Contract of the XMPP item: 100 is low, 200 is high.</summary>
    public const uint LocalPreference = 100;
}
