using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>A peer as source of paths and, while its session is up, as receiver.</summary>
internal sealed class Peer(PeerId id, PeerDefinition definition, ImportRules rules)
{
    public PeerId Id { get; } = id;

    public PeerDefinition Definition { get; private set; } = definition;

    public ImportRules Rules { get; private set; } = rules;

    public bool IsUp { get; set; }

    public bool IsBlocked { get; set; }

    public MembershipState MembershipState { get; set; }

    /// <summary>What it asked for by route target membership.</summary>
    public TargetFilter Filter { get; } = new();

    /// <summary>Of BGP peers: the group while the session is up.</summary>
    public UpdateGroup? Group { get; set; }

    /// <summary>Its place in that group.</summary>
    public int Slot { get; set; }

    /// <summary>What it has advertised.</summary>
    public PeerPaths Paths { get; } = new();

    /// <summary>Of agents.</summary>
    public Dictionary<string, Subscription> Subscriptions { get; } = [];

    /// <summary>Of agents: the groups of VRFs that it has unsubscribed from, which have yet to tell it the end of what it holds.</summary>
    public List<UpdateGroup> Leaving { get; } = [];

    /// <summary>Paths of it that are gone, but whose end the watch has still to say.</summary>
    public int EndingPaths { get; set; }

    public void Redefine(PeerDefinition definition, ImportRules rules) => (Definition, Rules) = (definition, rules);

    public bool Speaks(AddressFamily family) => Definition.Families.AsSpan().Contains(family);
}
