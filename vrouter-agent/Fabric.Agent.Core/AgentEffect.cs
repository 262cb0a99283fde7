using Fabric.Agent.Core.Allocation;
using Fabric.Agent.Core.Publishing;
using Fabric.Model.Datapath;

namespace Fabric.Agent.Core;

/// <summary>What the host has to do, in the order given.</summary>
public abstract record AgentEffect;

/// <summary>Ask the controller for this host's configuration: it is the config peer now.</summary>
public sealed record SubscribeConfig(string Controller) : AgentEffect;

/// <summary>The instance id is this host's id of the VRF; it goes into the route distinguisher of our routes in it.</summary>
public sealed record SubscribeVrf(string Controller, string Vrf, uint InstanceId) : AgentEffect;

public sealed record UnsubscribeVrf(string Controller, string Vrf, uint InstanceId) : AgentEffect;

public sealed record PublishRoute(string Controller, PublishedRoute Route) : AgentEffect;

public sealed record WithdrawRoute(string Controller, PublishedRoute Route) : AgentEffect;

public sealed record SendEndOfRib(string Controller) : AgentEffect;

/// <summary>Hand back <see cref="StaleTimeout"/> after the time given to a controller to come back; an earlier timer of it, of whichever kind, is void.</summary>
public sealed record StartStaleTimer(string Controller) : AgentEffect;

/// <summary>Hand back <see cref="StaleTimeout"/> after the time given to a session for its End-of-RIB; an earlier timer of it, of whichever kind, is void.</summary>
public sealed record StartEndOfRibTimer(string Controller) : AgentEffect;

/// <summary>Keep over a restart, before anything that follows is done.</summary>
public sealed record SaveAllocations(Allocations Allocations) : AgentEffect;

public sealed record SendBatch(Batch Batch) : AgentEffect;
