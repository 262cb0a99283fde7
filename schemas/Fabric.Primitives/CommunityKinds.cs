namespace Fabric.Primitives;

/// <summary>The three attributes that hold communities.</summary>
[Flags]
public enum CommunityKinds : byte
{
    None = 0,

    /// <summary>COMMUNITIES (RFC 1997), four octets.</summary>
    Standard = 1,

    /// <summary>EXTENDED_COMMUNITIES (RFC 4360), eight octets; among them the route targets.</summary>
    Extended = 2,

    /// <summary>LARGE_COMMUNITIES (RFC 8092), twelve octets.</summary>
    Large = 4,

    All = Standard | Extended | Large,
}
