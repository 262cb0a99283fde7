using System.Net;
using Fabric.Config;
using Fabric.Model.Config;
using Fabric.Primitives;
using Fabric.Simulation.Checks;
using Fabric.Simulation.Kernel;
using Fabric.Simulation.Nodes;
using Fabric.Simulation.Packets;

namespace Fabric.Simulation;

/// <summary>
/// A whole fabric in one process on virtual time: the production control nodes, agents and data planes on simulated loops,
/// connections and packets. Equal seeds and equal calls give equal runs.
/// <code>
///   operator --> control1 == iBGP == control2 == BGP == gateway1 -- endpoint
///                   |  XMPP to both   |                      ||
///                 host1, host2, ... (agent, data plane) == underlay
///                   |
///                  VMs
/// </code>
/// </summary>
public sealed partial class FabricSim
{
    private static readonly TimeSpan s_longestSettling = TimeSpan.FromSeconds(400);

    private readonly int _seed;
    private readonly SimScheduler _scheduler;
    private readonly SimClock _clock;
    private readonly List<SimControlNode> _controlNodes = [];
    private readonly List<SimHost> _hosts = [];
    private readonly List<SimGateway> _gateways = [];
    private readonly SortedDictionary<string, SimVm> _vms = new(StringComparer.Ordinal);
    private readonly List<ConfigEdit[]> _requests = [];
    private readonly List<string> _history = [];
    private readonly StepChecks _stepChecks;
    private readonly NumberStability _numbers = new();

    private FabricSim(int seed)
    {
        _seed = seed;
        _scheduler = new SimScheduler(seed);
        _clock = new SimClock(_scheduler);
        Links = new SimNetwork(_scheduler);
        Underlay = new SimUnderlay(_scheduler);
        _stepChecks = new StepChecks(_controlNodes);
        _scheduler.Stepped = _stepChecks.Run;
    }

    public SimNetwork Links { get; }

    public SimUnderlay Underlay { get; }

    /// <summary>Virtual time since the start.</summary>
    public TimeSpan Now => _scheduler.Now;

    public long Steps => _scheduler.Steps;

    /// <summary>The seed's numbers, for whoever chooses what to do to the fabric.</summary>
    public Random Random => _scheduler.Random;

    /// <summary>Agents publish sessions in every other fabric: it costs each run a tenth of its time.</summary>
    private bool ReportsSessions => _seed % 2 != 0;

    /// <summary>One or two for a host, so that both meet in most fabrics.</summary>
    private int WorkersOf(int host) => 1 + (_seed / 2 + host) % 2;

    internal IReadOnlyList<SimControlNode> ControlNodeList => _controlNodes;

    internal IReadOnlyList<SimHost> HostList => _hosts;

    internal IReadOnlyList<SimGateway> GatewayList => _gateways;

    internal IReadOnlyDictionary<string, SimVm> VmsByName => _vms;

    internal NumberStability Numbers => _numbers;

    internal ProbedSessions Probed { get; } = new();

    public static FabricSim Create(int seed) => new(seed);

    public FabricSim ControlNodes(int count)
    {
        for (var number = 1; number <= count; number++)
        {
            _controlNodes.Add(new SimControlNode(number, _scheduler, Links, _clock));
        }

        foreach (var node in _controlNodes)
        {
            node.Start();
        }

        Request([.. _controlNodes.Select(node => ConfigEdit.Put(new BgpRouter(node.Name, IpAddress.From(node.Address))))]);
        return this;
    }

    public FabricSim Hosts(int count)
    {
        for (var number = 1; number <= count; number++)
        {
            var host = new SimHost(number, _scheduler, Links, Underlay, _clock, ReportsSessions, WorkersOf(number));
            _hosts.Add(host);
            host.StartDatapath();
            host.StartAgent(ControllerEndPoints);
        }

        return this;
    }

    public FabricSim Gateways(int count)
    {
        for (var number = 1; number <= count; number++)
        {
            var gateway = new SimGateway(number, _scheduler, Links, Underlay, _clock);
            _gateways.Add(gateway);
            gateway.Start(_controlNodes, isRestart: false);
            Request(ConfigEdit.Put(new BgpRouter(gateway.Name, gateway.Address)));
        }

        return this;
    }

    /// <summary>Lets virtual time pass.</summary>
    public FabricSim Advance(double seconds = 0, double minutes = 0)
    {
        Guarded(() => _scheduler.Advance(TimeSpan.FromSeconds(seconds) + TimeSpan.FromMinutes(minutes)));
        return this;
    }

    /// <summary>Runs until nothing is under way but keepalives: every session is up, and everyone has told everyone all.</summary>
    public FabricSim RunUntilQuiet()
    {
        Guarded(() => _scheduler.RunUntil(IsQuiet, s_longestSettling, "the fabric comes to rest"));
        return this;
    }

    /// <summary>Runs until all is quiet and every wait of a restart is over, then checks everything that must hold in a fabric at rest.</summary>
    public FabricSim Settle()
    {
        Advance(seconds: 3);
        RunUntilQuiet();
        Advance(seconds: 130);
        RunUntilQuiet();
        Guarded(() => QuietChecks.Run(this));
        return this;
    }

    /// <summary>Deletes every VM, takes the gateway's endpoints away, and checks that nothing of them is left anywhere.</summary>
    public FabricSim TearDown()
    {
        foreach (var vm in _vms.Keys.ToList())
        {
            Delete(vm);
        }

        foreach (
            var endpoint in _gateways.SelectMany(static gateway => gateway.Endpoints).Select(static endpoint => endpoint.Name).ToList()
        )
        {
            RemoveEndpoint(endpoint);
        }

        Settle();
        Guarded(() => EmptyChecks.Run(this));
        return this;
    }

    internal SimHost HostOf(SimVm vm) => _hosts[vm.Host - 1];

    internal bool IsUp(string node) =>
        _controlNodes.Any(control => control.Name == node && control.Node is not null)
        || _hosts.Any(host => host.Name == node && host.Agent is not null)
        || _gateways.Any(gateway => gateway.Name == node && gateway.IsUp);

    private IReadOnlyList<EndPoint> ControllerEndPoints => [.. _controlNodes.Select(static node => node.Xmpp)];

    private bool IsQuiet() =>
        !Links.HasPendingBytes
        && _controlNodes.TrueForAll(control => control.Node is null || IsQuietNode(control))
        && _hosts.TrueForAll(host => host.Agent is null || IsQuietAgent(host))
        && _gateways.TrueForAll(gateway => !gateway.IsUp || IsQuietGateway(gateway));

    private bool IsQuietNode(SimControlNode control)
    {
        var node = control.Node!;
        return control.IsConfigured
            && (ulong)control.Store.Load().Revision == node.Revision
            && !node.Routes.Core.HasUpdates
            && !node.Routes.Core.HasUnused
            && node.Speaker.Neighbors.All(neighbor =>
                neighbor.IsEstablished || !IsUp(neighbor.Intent.Name) || Links.IsCut(control.Name, neighbor.Intent.Name)
            );
    }

    private bool IsQuietAgent(SimHost host) =>
        (host.Datapath is null || host.Agent!.Core.DataPlane.IsInSync)
        && _controlNodes.TrueForAll(control =>
            control.Node is null
            || Links.IsCut(host.Name, control.Name)
            || host.Agent!.Core.Controllers.TryGetValue(control.Xmpp.ToString(), out var session) && session.IsSynced
        );

    private bool IsQuietGateway(SimGateway gateway) =>
        gateway.Sessions.All(session =>
            session.IsSynced
            || _controlNodes.Find(control => IpAddress.From(control.Address) == session.ControlNode) is not { } control
            || control.Node is null
            || Links.IsCut(gateway.Name, control.Name)
        );
}
