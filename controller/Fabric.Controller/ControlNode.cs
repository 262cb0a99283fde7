using Fabric.Config;
using Fabric.Controller.Agents;
using Fabric.Controller.Api;
using Fabric.Controller.Bgp;
using Fabric.Controller.Configuration;
using Fabric.Controller.Monitoring;
using Fabric.Controller.Options;
using Fabric.Controller.Routes;
using Fabric.Hosting.Configuration;
using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Runtime;

namespace Fabric.Controller;

/// <summary>
/// A control node: two loops and what they own. It has no sockets, files or clock of its own, so that the simulator runs this same
/// class.
/// <code>
///   config loop:  ConfigPlane (objects, intent)
///        | IntentChange
///        v
///   routing loop: RoutingPlane (RIB) &lt;-&gt; BgpSpeaker (gateways), AgentServer (agents), StartupGate
/// </code>
/// </summary>
public sealed class ControlNode : IDisposable
{
    private readonly ControlNodeOptions _options;
    private readonly StartupGate _gate;
    private readonly VrfDefinitions _vrfs;

    // A change of the file that came before the first intent would find no ports, and be lost when that comes.
    private readonly TaskCompletionSource _begun = new();
    private bool _isDisposed;

    /// <param name="speakerTransport">Carries BGP sessions; <paramref name="agentTransport"/> carries XMPP with TLS. They may be one.</param>
    /// <param name="random">Jitter of timers; seeded by the host.</param>
    /// <exception cref="OptionsException">A neighbour of the options is at odds with an object of the store.</exception>
    public ControlNode(
        ControlNodeOptions options,
        IEventLoop configLoop,
        IEventLoop routingLoop,
        ITransport speakerTransport,
        ITransport agentTransport,
        IConfigStore store,
        Func<Guid> newIdentifier,
        Random random,
        ILoggerFactory loggers
    )
    {
        _options = options;
        Config = new ConfigPlane(
            store,
            options.Neighbors,
            [.. options.Policies.Select(policy => policy.Name)],
            newIdentifier,
            configLoop,
            change => routingLoop.Post(Apply, change)
        );
        var core = new RoutingCore(
            new RoutingOptions
            {
                LocalAs = options.As,
                RouterId = options.RouterId,
                LocalAddress = IpAddress.From(options.Listen),
                ClusterId = options.ClusterId,
                Ipv6NextHop = options.Ipv6NextHop,
            }
        );
        Routes = new RoutingPlane(core, routingLoop);
        _gate = new StartupGate(routingLoop);
        Views = new AgentViews();
        _vrfs = new VrfDefinitions(core, new PolicyBook(options.Policies), options.VrfPolicies);
        Speaker = new BgpSpeaker(options, Routes, speakerTransport, _gate, random, loggers.CreateLogger("bgp"));
        if (options.Bmp is { } bmp)
        {
            Bmp = new BmpExporter(bmp, options, Speaker, speakerTransport, loggers.CreateLogger("bmp"));
        }

        Agents = new AgentServer(options, Routes, agentTransport, Views, _gate, loggers.CreateLogger("xmpp"));
        _gate.SpeakersOpened = TellSpeakers;
        _gate.EndOpened = TellEnd;
    }

    /// <summary>The configuration, for callers on any thread.</summary>
    public IConfigApi ConfigApi => Config.Api;

    /// <summary>The revision of the configuration that the routing loop has.</summary>
    internal ulong Revision { get; private set; }

    internal ConfigPlane Config { get; }

    internal RoutingPlane Routes { get; }

    internal BgpSpeaker Speaker { get; }

    internal AgentServer Agents { get; }

    internal BmpExporter? Bmp { get; }

    internal AgentViews Views { get; }

    internal ControlNodeOptions Options => _options;

    /// <summary>
    /// Begins on the routing loop with what the store holds. <paramref name="started"/> hears there that the ports are bound, or
    /// <paramref name="failed"/> why one cannot be.
    /// </summary>
    public void Start(Action started, Action<IOException> failed)
    {
        Config.Loop.Post(
            static state =>
                state.Node.Routes.Loop.Post(
                    static begin => begin.Node.Begin(begin.Initial, begin.started, begin.failed),
                    (state.Node, Initial: state.Node.Config.Start(), state.started, state.failed)
                ),
            (Node: this, started, failed)
        );
    }

    /// <summary>
    /// Takes the neighbours, dynamic prefixes and policies of an options file that was read again; sessions that did not change go on.
    /// Words that say why not, when nothing was changed: a key that needs a restart, a neighbour that the API has too.
    /// </summary>
    public async Task<IReadOnlyList<string>> ReloadAsync(ControlNodeOptions next)
    {
        ArgumentNullException.ThrowIfNull(next);
        var fixedKeys = FixedOptions.Changed(_options, next).ToList();
        if (fixedKeys.Count > 0)
        {
            return fixedKeys;
        }

        await _begun.Task;
        return await Config.Loop.AskAsync(() => Config.Reload(next));
    }

    /// <summary>Ends the sessions, on the routing loop; hosts go on forwarding, and peers with graceful restart keep their routes.</summary>
    public Task StopAsync()
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Routes.Loop.Post(
            static state =>
            {
                state.Node.Dispose();
                state.stopped.SetResult();
            },
            (Node: this, stopped)
        );
        return stopped.Task;
    }

    /// <summary>As <see cref="StopAsync"/>, for a caller on the routing loop, or after the loop's end.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            Routes.Follower?.Dispose();
            Agents.Dispose();
            Bmp?.Dispose();
            Speaker.Dispose();
            _gate.Dispose();
        }
    }

    private void Begin(IntentChange initial, Action started, Action<IOException> failed)
    {
        _gate.Begin(
            initial.IsRestart,
            initial.Delta.Hosts.Select(host => host.Host),
            initial.Delta.Neighbors.Where(neighbor => !neighbor.Settings.AdminDown).Select(neighbor => neighbor.Name),
            _options.RestartTime
        );
        if (!_gate.EndMayBeTold)
        {
            Routes.Core.HoldEndOfRib();
        }

        try
        {
            Speaker.Start();
            Agents.Start();
            Bmp?.Start();
        }
        catch (IOException exception)
        {
            failed(exception);
            return;
        }

        started();
        Apply(initial);
        _begun.SetResult();
    }

    private void Apply(IntentChange change)
    {
        Revision = change.Revision;
        var delta = change.Delta;
        ApplyVrfs(change);
        ApplyNeighbors(change);
        Views.Apply(change.Revision, delta);
        if (!delta.Hosts.IsEmpty)
        {
            Agents.PortsMoved();
        }

        Routes.Changed();
        if (change.AskedAt is { } askedAt)
        {
            Routes.AfterUpdates(() => Config.Times.Applied.Observe(Routes.Loop.Time.GetElapsedTime(askedAt)));
        }
    }

    private void ApplyVrfs(IntentChange change)
    {
        if (change.File is { } file)
        {
            _vrfs.Configure(new PolicyBook(file.Policies), file.VrfPolicies);
        }

        foreach (var vrf in change.Delta.RemovedVrfs)
        {
            _vrfs.Remove(vrf);
            Agents.VrfRemoved(vrf);
        }

        foreach (var vrf in change.Delta.Vrfs)
        {
            Agents.NetworkNames.Set(vrf.Name, vrf.NetworkName, vrf.ExportTargets);
            _vrfs.Set(vrf);
        }
    }

    private void ApplyNeighbors(IntentChange change)
    {
        foreach (var neighbor in change.Delta.RemovedNeighbors)
        {
            Speaker.Remove(neighbor);
        }

        if (change.File is { } file)
        {
            Speaker.Policies = new PolicyBook(file.Policies);
            Speaker.Configure(file.DynamicNeighbors);
        }

        foreach (var neighbor in change.Delta.Neighbors)
        {
            Speaker.Configure(neighbor);
        }

        if (change.File is not null)
        {
            Speaker.TakeRules();
        }
    }

    private void TellEnd()
    {
        Routes.Core.ReleaseEndOfRib();
        Routes.Changed();
        Agents.TellEndOfRib();
    }

    private void TellSpeakers()
    {
        foreach (var neighbor in Speaker.Neighbors)
        {
            neighbor.MayBeTold();
        }
    }
}
