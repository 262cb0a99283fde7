namespace Fabric.Routing;

/// <summary>
/// A VRF by name. It exists from the first mention by configuration, subscription or route; without a definition it imports and
/// exports nothing and tells its subscribers nothing, and all of that heals when the definition comes.
/// </summary>
internal sealed class Vrf(string name)
{
    public const int None = -1;

    public string Name { get; } = name;

    /// <summary>The table of its prefixes; none before it is needed: an agent may ask for VRFs that are nowhere, and as many as it likes.</summary>
    public int TableId { get; set; } = None;

    public VrfDefinition? Definition { get; private set; }

    /// <summary>Null without a definition.</summary>
    public VrfRules? Rules { get; private set; }

    /// <summary>Subscriptions of agents: ready, stale, or waiting for their agents to be admitted.</summary>
    public int Subscriptions { get; set; }

    /// <summary>Subscriptions of agents that are admitted; for their sake this node asks for the VRF's routes (RFC 4684).</summary>
    public int Members { get; set; }

    /// <summary>The table of its EVPN routes; none before the first one.</summary>
    public int EvpnTableId { get; set; } = None;

    public void Redefine(VrfDefinition? definition, VrfRules? rules) => (Definition, Rules) = (definition, rules);
}
