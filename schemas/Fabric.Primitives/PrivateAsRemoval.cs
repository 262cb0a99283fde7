namespace Fabric.Primitives;

/// <summary>What becomes of private AS numbers (RFC 6996) in the path to an external peer; the peer's own number always stays.</summary>
public enum PrivateAsRemoval : byte
{
    None,

    /// <summary>They are left out.</summary>
    Remove,

    /// <summary>The local AS takes their places, so that the path keeps its length.</summary>
    Replace,
}
