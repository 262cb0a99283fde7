namespace Fabric.Primitives;

/// <summary>What the speaker's AS is to its neighbour's (RFC 9234 section 4.1); the values are those of the capability.</summary>
public enum BgpRole : byte
{
    Provider = 0,
    RouteServer = 1,
    RouteServerClient = 2,
    Customer = 3,

    /// <summary>Equals that tell each other of their own and their customers' routes.</summary>
    Peer = 4,
}
