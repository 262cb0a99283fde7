namespace Fabric.Routing;

/// <summary>
/// A VRF by name. It exists from the first mention by configuration, subscription or route; without a definition it imports and
/// exports nothing and tells its subscribers nothing, and all of that heals when the definition comes.
/// </summary>
internal sealed class Vrf(string name, int tableId)
{
    public const int None = -1;

    public string Name { get; } = name;

    public int TableId { get; } = tableId;

    public VrfDefinition? Definition { get; private set; }

    /// <summary>Null without a definition.</summary>
    public VrfRules? Rules { get; private set; }

    /// <summary>Subscriptions of agents, ready or stale.</summary>
    public int Subscriptions { get; set; }

    /// <summary>The table of its EVPN routes; none before the first one.</summary>
    public int EvpnTableId { get; set; } = None;

    public void Redefine(VrfDefinition? definition, VrfRules? rules) => (Definition, Rules) = (definition, rules);
}
