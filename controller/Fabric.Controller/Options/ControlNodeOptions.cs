using System.Net;
using Fabric.Config.Stores;
using Fabric.Controller.Monitoring;
using Fabric.Hosting;
using Fabric.Hosting.Logging;
using Fabric.Intent;
using Fabric.Primitives;
using Fabric.Routing.Policies;
using Fabric.Runtime;
using Fabric.Streaming;

namespace Fabric.Controller.Options;

/// <summary>What the operator tells fabric-control in its file. Networks and ports are configuration objects, not options; neighbours can be either.</summary>
/// <param name="Node">Name of this control node.</param>
/// <param name="RouterId">BGP Identifier; unique among the speakers.</param>
/// <param name="As">The fabric's AS number.</param>
/// <param name="Listen">Address on the control network at which gateways and agents reach it.</param>
/// <param name="Api">TCP address of the API and of metrics; null: only the unix socket.</param>
/// <param name="RunDirectory">Folder of api.sock.</param>
/// <param name="StateDirectory">Folder of the configuration store.</param>
/// <param name="Tls">Null: agents connect without TLS.</param>
/// <param name="ClusterId">Makes it a route reflector (RFC 4456).</param>
/// <param name="RestartTime">How long routes of a peer or agent that went away are kept (RFC 4724); zero: not at all.</param>
/// <param name="XmppHoldTime">A silent agent is lost after this time.</param>
/// <param name="DynamicNeighbors">Prefixes from which BGP speakers may connect without a bgp-router object.</param>
public sealed record ControlNodeOptions(
    string Node,
    BgpIdentifier RouterId,
    AsNumber As,
    IPAddress Listen,
    int BgpPort,
    int XmppPort,
    IPEndPoint? Api,
    string RunDirectory,
    string StateDirectory,
    TlsCredentials? Tls,
    uint? ClusterId,
    TimeSpan RestartTime,
    TimeSpan XmppHoldTime,
    EquatableArray<DynamicNeighborOptions> DynamicNeighbors
)
{
    public AgentVrfs AgentVrfs { get; init; }

    /// <summary>So many routes an agent may have.</summary>
    public int AgentMaxRoutes { get; init; } = 100_000;

    /// <summary>The next hop of IPv6 routes on sessions over IPv4.</summary>
    public IpAddress? Ipv6NextHop { get; init; }

    /// <summary>Neighbours that the file names, in the order of names.</summary>
    public EquatableArray<BgpNeighborIntent> Neighbors { get; init; } = [];

    /// <summary>In the order of names.</summary>
    public EquatableArray<RoutePolicy> Policies { get; init; } = [];

    public EquatableArray<VrfPolicyOptions> VrfPolicies { get; init; } = [];

    /// <summary>Null: no BMP stations.</summary>
    public BmpOptions? Bmp { get; init; }

    /// <summary>Null: no MRT files.</summary>
    public MrtOptions? Mrt { get; init; }

    public HttpAccess Http { get; init; } = new();

    /// <summary>So many may follow /v1/watch at a time.</summary>
    public int ApiWatchers { get; init; } = 64;

    /// <summary>So many octets of transactions are kept for those who follow.</summary>
    public long ApiHistory { get; init; } = SqliteConfigStore.DefaultHistory;

    public LogFormat LogFormat { get; init; }

    /// <summary>Null: nothing is published; programs always have it, from their file.</summary>
    public StreamOptions? Stream { get; init; }

    public string ApiSocket => Path.Combine(RunDirectory, "api.sock");

    public string StoreFile => Path.Combine(StateDirectory, "config.db");
}
