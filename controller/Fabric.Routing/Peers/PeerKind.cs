namespace Fabric.Routing;

/// <summary>Where paths come from, in order of preference.</summary>
public enum PeerKind : byte
{
    /// <summary>This node itself.</summary>
    Local,
    Agent,
    ExternalBgp,
    InternalBgp,

    /// <summary>No source: a receiver that is told the best path of every route as it stands in the tables.</summary>
    Monitor,
}
