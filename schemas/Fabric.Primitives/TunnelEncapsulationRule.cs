namespace Fabric.Primitives;

/// <summary>Whether tunnel encapsulations pass a session, in and out (RFC 9012 section 11).</summary>
public enum TunnelEncapsulationRule : byte
{
    /// <summary>Inside the AS they do; to and from an external peer only as communities of EVPN routes, which are of no use without.</summary>
    Default,

    /// <summary>All of them do.</summary>
    Keep,

    /// <summary>None does.</summary>
    Remove,
}
