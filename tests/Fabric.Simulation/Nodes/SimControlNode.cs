using System.Net;
using Fabric.Config;
using Fabric.Config.Stores;
using Fabric.Controller;
using Fabric.Controller.Options;
using Fabric.Model.Config;
using Fabric.Primitives;
using Fabric.Simulation.Kernel;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fabric.Simulation.Nodes;

/// <summary>A control node: the production class on simulated loops. Its store survives a crash; requests that were under way do not.</summary>
internal sealed class SimControlNode(int number, SimScheduler scheduler, SimNetwork network, TimeProvider time)
{
    public const int As = 64512;
    private const int BgpPort = 179;
    private const int XmppPort = 5269;

    private readonly List<Task<ApplyResult>> _requests = [];
    private SimLoop? _configLoop;

    public string Name { get; } = $"control{number}";

    public IPAddress Address { get; } = new([10, 255, 0, (byte)number]);

    public IPEndPoint Xmpp => new(Address, XmppPort);

    public MemoryConfigStore Store { get; } = new();

    public SimLoop? RoutingLoop { get; private set; }

    /// <summary>Null while it is down.</summary>
    public ControlNode? Node { get; private set; }

    /// <summary>Whether every request of the operator that it was sent has been answered.</summary>
    public bool IsConfigured => Node is not null && _requests.TrueForAll(static request => request.IsCompleted);

    public void Start()
    {
        _configLoop = new SimLoop(scheduler, time);
        RoutingLoop = new SimLoop(scheduler, time);
        var transport = network.TransportOf(Name, Address);
        Node = new ControlNode(
            Options(),
            _configLoop,
            RoutingLoop,
            transport,
            transport,
            Store,
            () => throw new InvalidOperationException("The simulator names every port itself, the same at each control node."),
            new Random(scheduler.Random.Next()),
            NullLoggerFactory.Instance
        );
        Node.Start(() => { }, failure => throw failure);
    }

    public void Crash()
    {
        _configLoop!.Crash();
        RoutingLoop!.Crash();
        network.Crash(Name);
        Node = null;
        _requests.RemoveAll(static request => !request.IsCompleted);
    }

    /// <summary>Sends the requests that it has not had yet, in their order.</summary>
    public void CatchUp(IReadOnlyList<ConfigEdit[]> requests)
    {
        while (Node is not null && _requests.Count < requests.Count)
        {
            // A control node is not a neighbour of itself.
            var edits = requests[_requests.Count].Where(edit => edit.Value is not BgpRouter router || router.Name != Name);
            _requests.Add(Node.ConfigApi.ApplyAsync([.. edits], dryRun: false, "test"));
        }
    }

    /// <summary>What was wrong with the requests; they are the simulator's own, so nothing should be.</summary>
    public IEnumerable<ConfigError> Errors =>
        _requests.Where(static request => request.IsCompleted).SelectMany(static r => r.Result.Errors);

    private ControlNodeOptions Options() =>
        new(
            Name,
            new BgpIdentifier(IpAddress.From(Address).Ipv4),
            new AsNumber(As),
            Address,
            BgpPort,
            XmppPort,
            Api: null,
            RunDirectory: "/run",
            StateDirectory: "/state",
            Tls: null,
            ClusterId: null,
            RestartTime: TimeSpan.FromSeconds(120),
            XmppHoldTime: TimeSpan.FromSeconds(90),
            DynamicNeighbors: []
        );
}
