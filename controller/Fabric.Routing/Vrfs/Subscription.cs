namespace Fabric.Routing;

/// <summary>An agent's interest in a VRF.</summary>
internal sealed class Subscription(Vrf vrf)
{
    public Vrf Vrf { get; } = vrf;

    /// <summary>The agent may be in the VRF. Until then it is told nothing, and what it says there is infeasible.</summary>
    public bool IsAdmitted { get; set; }

    /// <summary>Kept over the agent's restart, not yet asked for again.</summary>
    public bool IsStale { get; set; }

    /// <summary>The agent wants to be told the routes, and not only to publish.</summary>
    public bool WantsRoutes { get; set; }

    /// <summary>Null while the agent is away or waits to be admitted, and for one that only publishes.</summary>
    public UpdateGroup? Group { get; set; }
}
