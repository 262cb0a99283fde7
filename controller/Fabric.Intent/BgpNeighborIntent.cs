using Fabric.Primitives;

namespace Fabric.Intent;

/// <summary>A BGP neighbour with every default filled in; times in seconds.</summary>
public sealed record BgpNeighborIntent(
    string Name,
    IpAddress Address,
    ushort Port,
    AsNumber AsNumber,
    AsNumber LocalAsNumber,
    BgpIdentifier? RouterId,
    EquatableArray<AddressFamily> Families,
    bool Passive,
    ushort HoldTime,
    bool RouteReflectorClient,
    int GracefulRestartTime,
    string? Description,
    bool AdminDown,
    string? ShutdownMessage
);
