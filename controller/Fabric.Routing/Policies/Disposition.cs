namespace Fabric.Routing.Policies;

/// <summary>Where a route goes from a term that it matches.</summary>
public enum Disposition : byte
{
    /// <summary>The next term of the policy; behind the last one, the next policy.</summary>
    NextTerm,

    /// <summary>The next policy of the chain.</summary>
    NextPolicy,

    /// <summary>Accepted; nothing else is asked.</summary>
    Accept,

    /// <summary>Rejected; nothing else is asked.</summary>
    Reject,
}
