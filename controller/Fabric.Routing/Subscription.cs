namespace Fabric.Routing;

/// <summary>An agent's interest in a VRF.</summary>
internal sealed class Subscription(Vrf vrf)
{
    public Vrf Vrf { get; } = vrf;

    /// <summary>Kept over the agent's restart, not yet asked for again.</summary>
    public bool IsStale { get; set; }

    /// <summary>Null while the agent is away, and for one that only publishes.</summary>
    public UpdateGroup? Group { get; set; }
}
