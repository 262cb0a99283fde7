using System.Text.Json.Serialization;
using Fabric.Primitives;

namespace Fabric.Model.Config;

/// <summary>A BGP neighbour of the control nodes: a gateway, a route reflector.</summary>
/// <param name="As">Its AS number; the fabric's own where absent.</param>
/// <param name="Families">"vpnv4" and "rtc" where absent.</param>
/// <param name="Passive">Wait for its connection, make none.</param>
/// <param name="HoldTime">Seconds; 0 is no keepalives, else at least 3 (RFC 4271 section 4.2).</param>
/// <param name="ShutdownMessage">Sent with the Administrative Shutdown (RFC 9003) of a neighbour that is <paramref name="AdminDown"/>.</param>
/// <param name="Origin">Only shown: "file" where it is not an object that can be changed, but comes from <see cref="FileOrigin"/>.</param>
public sealed record BgpRouter(
    string Name,
    IpAddress Address,
    uint? As = null,
    BgpIdentifier? RouterId = null,
    EquatableArray<AddressFamily> Families = default,
    ushort Port = BgpRouter.DefaultPort,
    bool Passive = false,
    ushort HoldTime = BgpRouter.DefaultHoldTime,
    bool RouteReflectorClient = false,
    string? Description = null,
    bool AdminDown = false,
    string? ShutdownMessage = null,
    string? Origin = null
) : BgpNeighborKeys(Name)
{
    public const ushort DefaultPort = 179;
    public const ushort DefaultHoldTime = 90;

    /// <summary>The options file of the control node.</summary>
    public const string FileOrigin = "file";

    [JsonIgnore]
    public override ConfigKind Kind => ConfigKind.BgpRouter;
}
