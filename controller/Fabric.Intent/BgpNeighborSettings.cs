using Fabric.Primitives;

namespace Fabric.Intent;

/// <summary>What neighbours can have in common; times in seconds.</summary>
public sealed record BgpNeighborSettings
{
    public required AsNumber AsNumber { get; init; }

    /// <summary>The fabric's own.</summary>
    public required AsNumber LocalAsNumber { get; init; }

    /// <summary>The number that it is shown in place of the fabric's own.</summary>
    public LocalAsIntent? LocalAs { get; init; }

    /// <summary>The BGP Identifier that it is said to have.</summary>
    public BgpIdentifier? RouterId { get; init; }

    public required EquatableArray<AddressFamily> Families { get; init; }

    /// <summary>In the order of families; in those that have none a route has one path both ways.</summary>
    public EquatableArray<AddPathIntent> AddPath { get; init; } = [];

    /// <summary>Families whose IPv4 routes may have IPv6 next hops (RFC 8950).</summary>
    public EquatableArray<AddressFamily> ExtendedNextHops { get; init; } = [];

    public ushort Port { get; init; } = 179;

    /// <summary>Its connection is waited for; none is made.</summary>
    public bool Passive { get; init; }

    public TcpIntent Tcp { get; init; } = new();

    /// <summary>0 (no keepalives) or at least 3 (RFC 4271 section 4.2).</summary>
    public ushort HoldTime { get; init; } = 90;

    /// <summary>A session with a shorter hold time is refused; none at all is taken.</summary>
    public ushort MinimumHoldTime { get; init; }

    /// <summary>Between two attempts to connect.</summary>
    public ushort ConnectRetry { get; init; } = 5;

    /// <summary>What the fabric is to it (RFC 9234).</summary>
    public BgpRole? Role { get; init; }

    /// <summary>It is refused without a role of its own.</summary>
    public bool RequiresRole { get; init; }

    public bool RouteReflectorClient { get; init; }

    public GracefulRestartIntent GracefulRestart { get; init; } = new();

    public MembershipWaitIntent MembershipWait { get; init; } = new();

    /// <summary>In the order of families; those that have none are not limited.</summary>
    public EquatableArray<PrefixLimitIntent> PrefixLimits { get; init; } = [];

    /// <summary>After this time it is tried again when it was above a limit; null: only when the operator says so.</summary>
    public ushort? PrefixLimitRestart { get; init; }

    public BgpRouteRules Rules { get; init; } = new();

    public bool AdminDown { get; init; }

    /// <summary>Sent with the Administrative Shutdown of a neighbour that is taken down (RFC 9003).</summary>
    public string? ShutdownMessage { get; init; }

    /// <summary>
    /// Whether a session under these settings can go on under the others: nothing differs that was said in the OPEN, hangs on the
    /// connection, or says whether there is to be a session.
    /// </summary>
    public bool IsSameSession(BgpNeighborSettings other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return this
            == other with
            {
                AddPath = AddPath.Select(DirectionsOf).SequenceEqual(other.AddPath.Select(DirectionsOf)) ? AddPath : other.AddPath,
                ConnectRetry = ConnectRetry,
                RouteReflectorClient = RouteReflectorClient,
                GracefulRestart = other.GracefulRestart with { HelperLimit = GracefulRestart.HelperLimit },
                MembershipWait = MembershipWait,
                PrefixLimits = PrefixLimits,
                PrefixLimitRestart = PrefixLimitRestart,
                Rules = Rules,
                ShutdownMessage = ShutdownMessage,
            };
    }

    // What was said in the OPEN; how many paths are sent was not.
    private static (AddressFamily Family, bool Receives, bool Sends) DirectionsOf(AddPathIntent one) =>
        (one.Family, one.Receives, one.Sends);
}
