using Fabric.Interop.Routes;

namespace Fabric.Interop.Speakers;

/// <summary>What a speaker is told of another one.</summary>
internal sealed record Neighbor(string Name, string Address, uint As, IReadOnlyList<Family> Families)
{
    /// <summary>Whether it is a client of the speaker that is told of it (RFC 4456).</summary>
    public bool IsClient { get; init; }

    /// <summary>Whether to wait for its connection.</summary>
    public bool IsPassive { get; init; }

    /// <summary>Seconds.</summary>
    public int HoldTime { get; init; } = 90;

    /// <summary>Seconds that it is asked to keep routes in a restart; 0: no graceful restart.</summary>
    public int RestartTime { get; init; }

    /// <summary>Seconds that it is asked to keep them after that as a last resort (RFC 9494); 0: none.</summary>
    public int LongLivedTime { get; init; }

    /// <summary>Prefixes of a family that the speaker takes of it before it ends the session; null: as many as come.</summary>
    public int? PrefixLimit { get; init; }

    /// <summary>Of TCP-MD5 (RFC 2385).</summary>
    public string? Password { get; init; }

    /// <summary>Whether what comes from beyond the link is dropped (RFC 5082).</summary>
    public bool HasTtlSecurity { get; init; }

    /// <summary>Whether several paths of a route are said and taken (RFC 7911), in all families.</summary>
    public bool HasAddPath { get; init; }

    /// <summary>Whether IPv4 routes may have IPv6 next hops (RFC 8950).</summary>
    public bool HasExtendedNextHop { get; init; }

    /// <summary>Whether the control node knows it by a prefix of its address alone.</summary>
    public bool IsDynamic { get; init; }

    /// <summary>What the speaker is to it (RFC 9234), such as <c>customer</c>; null: it says nothing of that.</summary>
    public string? LocalRole { get; init; }

    /// <summary>Further keys and values of a neighbour in fabric-control's file, as <c>key: value</c>.</summary>
    public IReadOnlyList<string> FurtherKeys { get; init; } = [];
}
