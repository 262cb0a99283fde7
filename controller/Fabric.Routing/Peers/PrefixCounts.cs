namespace Fabric.Routing;

/// <summary>Routes of one family that a peer has advertised, kept stale ones included, and how many of them no rule or policy rejects.</summary>
public readonly record struct PrefixCounts(int Received, int Accepted)
{
    /// <summary>Of those received: kept from before its restart, or its refresh, and not said again.</summary>
    public int Stale { get; init; }
}
