namespace Fabric.Controller.Inspection;

/// <summary>GET /inspect/bgp/summary.</summary>
/// <param name="Routes">With a path in use, of all families, and those of the VRFs.</param>
/// <param name="MemoryBytes">Of the RIB's own tables.</param>
public sealed record SummaryDocument(
    string RouterId,
    long As,
    string? ClusterId,
    int Routes,
    int Paths,
    int AttributeSets,
    long MemoryBytes,
    IReadOnlyList<NeighborDocument> Neighbors
);

/// <summary>A BGP neighbour in short.</summary>
/// <param name="DownSeconds">Since the last session ended; null where one is established, and where none has been.</param>
/// <param name="InputOctets">That it has sent, and that this node has not worked on; those that the system holds among them.</param>
/// <param name="OutputOctets">That wait for the network to take them, as the neighbour has not read those before.</param>
/// <param name="BlockedSeconds">So long its routes are held back since it does not read; null where it does.</param>
/// <param name="Reason">Why the session is not established, in words; null where it is.</param>
/// <param name="Hint">What to look at; null where all is well.</param>
/// <param name="FamilyCounts">Of the families that the session has, or would have.</param>
public sealed record NeighborDocument(
    string Name,
    string Address,
    long As,
    string State,
    long? EstablishedSeconds,
    long? DownSeconds,
    int RoutesReceived,
    int RoutesSent,
    long MessagesReceived,
    long MessagesSent,
    int InputOctets,
    int OutputOctets,
    long? BlockedSeconds,
    IReadOnlyList<string> Families,
    bool Restarting,
    string? Reason,
    string? Hint,
    string? Description,
    IReadOnlyList<FamilyCountDocument> FamilyCounts
);

/// <param name="RoutesRejected">Of those received: kept, but held back by a rule or policy.</param>
/// <param name="Limit">So many prefixes the neighbour may send; null: any number.</param>
public sealed record FamilyCountDocument(string Family, int RoutesReceived, int RoutesRejected, int RoutesSent, long? Limit);

/// <summary>A neighbour with all that is known of it: GET /inspect/bgp/neighbors/NAME.</summary>
/// <param name="RouterId">The BGP Identifier of its OPEN; null without session.</param>
/// <param name="Link">"internal" or "external".</param>
/// <param name="LastEnd">How the latest session ended, in words; null where none did.</param>
/// <param name="FailedAttempts">So many in a row, since the last session or since it was cleared, were ended by a NOTIFICATION before they were one.</param>
/// <param name="OverLimit">It is down since it had sent more prefixes than it may.</param>
public sealed record NeighborDetailDocument(
    NeighborDocument Neighbor,
    string? RouterId,
    string Link,
    long LocalAs,
    int Port,
    bool Passive,
    bool RouteReflectorClient,
    string? LastEnd,
    long FailedAttempts,
    bool OverLimit,
    string Memberships,
    TimersDocument Timers,
    IReadOnlyList<CapabilityDocument> Capabilities,
    IReadOnlyList<MessageCountDocument> Messages,
    IReadOnlyList<string> ImportPolicies,
    IReadOnlyList<string> ExportPolicies
);

/// <summary>Times in seconds; those of the session are null without one.</summary>
public sealed record TimersDocument(
    double? Hold,
    double? Keepalive,
    int ConfiguredHold,
    int ConnectRetry,
    int RestartTime,
    int HelperLimit
);

/// <summary>A capability (RFC 5492) of the session's OPENs: its value in words for each side that said it, "" for one without a value.</summary>
public sealed record CapabilityDocument(string Name, string? Advertised, string? Received);

/// <summary>Messages of one type since the neighbour was configured.</summary>
public sealed record MessageCountDocument(string Type, long Sent, long Received);
