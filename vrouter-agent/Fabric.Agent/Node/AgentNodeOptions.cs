using System.Net;
using Fabric.Agent.Core;
using Fabric.Primitives;
using Fabric.Runtime;

namespace Fabric.Agent.Node;

/// <summary>What one agent has to know; the program reads it from its file, the simulator makes it.</summary>
public sealed record AgentNodeOptions
{
    /// <summary>The host's name: key of its state at the controllers, and a name in its certificate.</summary>
    public required string Name { get; init; }

    /// <summary>The host's IPv4 address on the underlay.</summary>
    public required IpAddress Address { get; init; }

    /// <summary>Two of them are used at a time.</summary>
    public required IReadOnlyList<EndPoint> Controllers { get; init; }

    public required EndPoint DataPlane { get; init; }

    /// <summary>Null: XMPP without TLS.</summary>
    public TlsCredentials? Tls { get; init; }

    /// <summary>A control node's certificate has one of these names. Empty: it has the address that the agent connects to.</summary>
    public IReadOnlyList<string> ControllerNames { get; init; } = [];

    public TimeSpan XmppHoldTime { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>From the loss of a controller's connection to the first try.</summary>
    public TimeSpan ReconnectTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long paths of a lost controller stay beside another's.</summary>
    public TimeSpan StaleTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long a new session may take to its End-of-RIB. A control node that has restarted waits for hosts and neighbours first, for three quarters of
    /// its restart time at most; whoever does not wait as long drops the routes that it is still about to hear.
    /// </summary>
    public TimeSpan EndOfRibTime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>From "the list is complete" to the removal of ports that it does not name.</summary>
    public TimeSpan PortStaleTime { get; init; } = TimeSpan.FromSeconds(60);

    public int UnderlayMtu { get; init; } = 1500;

    /// <summary>Null: the data plane is asked for no reports of sessions.</summary>
    public FlowReporting? Flows { get; init; }

    /// <summary>Spreads the retries of hosts.</summary>
    public int Seed { get; init; }
}
