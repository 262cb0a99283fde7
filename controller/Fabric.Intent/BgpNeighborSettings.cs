using Fabric.Primitives;

namespace Fabric.Intent;

/// <summary>What neighbours can have in common; times in seconds.</summary>
public sealed record BgpNeighborSettings
{
    public required AsNumber AsNumber { get; init; }

    public required AsNumber LocalAsNumber { get; init; }

    /// <summary>The BGP Identifier that it is said to have.</summary>
    public BgpIdentifier? RouterId { get; init; }

    public required EquatableArray<AddressFamily> Families { get; init; }

    public ushort Port { get; init; } = 179;

    /// <summary>Its connection is waited for; none is made.</summary>
    public bool Passive { get; init; }

    /// <summary>0 (no keepalives) or at least 3 (RFC 4271 section 4.2).</summary>
    public ushort HoldTime { get; init; } = 90;

    /// <summary>Between two attempts to connect.</summary>
    public ushort ConnectRetry { get; init; } = 5;

    public bool RouteReflectorClient { get; init; }

    public GracefulRestartIntent GracefulRestart { get; init; } = new();

    public bool AdminDown { get; init; }

    /// <summary>Sent with the Administrative Shutdown of a neighbour that is taken down (RFC 9003).</summary>
    public string? ShutdownMessage { get; init; }
}

/// <summary>Graceful restart with a neighbour (RFC 4724), in seconds.</summary>
/// <param name="Time">How long it is asked to keep our routes; 0: no graceful restart.</param>
/// <param name="HelperLimit">How long its routes are kept at most, whatever it asks for.</param>
public sealed record GracefulRestartIntent(ushort Time = 120, ushort HelperLimit = 300);
