using Fabric.Agent.Core.Ports;
using Fabric.Agent.Core.Routes;
using Fabric.Model.AgentView;

namespace Fabric.Agent.Core;

/// <summary>What the host tells the core. A controller is named by its configured end point; a route that arrives for a controller without a session is dropped.</summary>
public abstract record AgentEvent;

public sealed record PortPlugged(Port Port) : AgentEvent;

public sealed record PortUnplugged(string Id) : AgentEvent;

/// <summary>The host has begun and will connect to this controller: what is absent may be what it alone tells, for as long as it is given to come.</summary>
public sealed record ControllerAwaited(string Controller) : AgentEvent;

public sealed record ControllerEstablished(string Controller) : AgentEvent;

public sealed record ControllerDown(string Controller) : AgentEvent;

public sealed record RouteUpdated(string Controller, VrfPrefix Key, RemoteRoute Route) : AgentEvent;

public sealed record RouteRetracted(string Controller, VrfPrefix Key) : AgentEvent;

public sealed record EndOfRibReceived(string Controller) : AgentEvent;

/// <summary>The time for an End-of-RIB is over.</summary>
public sealed record StaleTimeout(string Controller) : AgentEvent;

public sealed record ConfigUpdated(string Controller, AgentViewObject Object) : AgentEvent;

public sealed record ConfigDeleted(string Controller, AgentViewKey Key) : AgentEvent;

public sealed record EndOfConfigReceived(string Controller) : AgentEvent;

public sealed record DataPlaneConnected : AgentEvent;

public sealed record DataPlaneDisconnected : AgentEvent;

public sealed record DataPlaneApplied(ulong Generation, string Error) : AgentEvent;

/// <summary>Work on what changed since the last one. The host says it once for all events that were waiting.</summary>
public sealed record Flush : AgentEvent;
