namespace Fabric.Routing;

/// <summary>Where paths come from, in order of preference.</summary>
public enum PeerKind : byte
{
    /// <summary>This node itself.</summary>
    Local,
    Agent,
    ExternalBgp,
    InternalBgp,
}
