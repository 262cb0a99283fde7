using System.Net;
using Fabric.Config;
using Fabric.Config.Stores;
using Fabric.Controller.Inspection;
using Fabric.Controller.Options;
using Fabric.Intent;
using Fabric.Model.Config;
using Fabric.Primitives;
using Fabric.Simulation.Kernel;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fabric.Controller.Tests.Scenarios;

/// <summary>A control node of the production class, a network and a clock; the test plays agents, gateways and the operator.</summary>
internal sealed class Scene
{
    public const string RedVrf = "default-domain:default-project:red:red";
    public const string BlueVrf = "default-domain:default-project:blue:blue";

    private static readonly IPAddress s_address = IPAddress.Parse("192.0.2.1");

    private readonly MemoryConfigStore _store = new();
    private ControlNodeOptions _options;
    private SimLoop _loop;
    private uint _identifiers;

    public Scene(int restartSeconds = 120, params DynamicNeighborOptions[] dynamicNeighbors)
    {
        _options = new ControlNodeOptions(
            "control1",
            BgpIdentifier.Parse("192.0.2.1"),
            new AsNumber(64512),
            s_address,
            BgpPort: 179,
            XmppPort: 5269,
            Api: null,
            "/run",
            "/state",
            Tls: null,
            ClusterId: 1,
            TimeSpan.FromSeconds(restartSeconds),
            XmppHoldTime: TimeSpan.FromSeconds(90),
            [.. dynamicNeighbors]
        );
        Network = new SimNetwork(Scheduler);
        (_loop, Node) = StartNode();
    }

    public ControlNodeOptions Options => _options;

    public SimScheduler Scheduler { get; } = new(seed: 7);

    public SimNetwork Network { get; }

    public ControlNode Node { get; private set; }

    public Inspector Inspector => new(Node);

    /// <summary>Two networks, with a port of red on each host and one of blue on the second.</summary>
    public static ConfigObject[] TwoNetworks =>
        [
            new VirtualNetwork("red"),
            new Subnet("red", "red", IpPrefix.Parse("10.1.0.0/24")),
            new VirtualNetwork("blue"),
            new Subnet("blue", "blue", IpPrefix.Parse("10.2.0.0/24")),
            new Port("red1", "red", Host: "host1", Addresses: [IpAddress.Parse("10.1.0.3")]),
            new Port("red2", "red", Host: "host2", Addresses: [IpAddress.Parse("10.1.0.4")]),
            new Port("blue2", "blue", Host: "host2", Addresses: [IpAddress.Parse("10.2.0.3")]),
        ];

    /// <summary>The neighbours are those of the options file.</summary>
    public static Scene Of(params BgpNeighborIntent[] neighbors)
    {
        var scene = new Scene();
        scene.Restart(options => options with { Neighbors = [.. neighbors] });
        return scene;
    }

    /// <summary>Neighbours and policies are those of an options file with this text.</summary>
    public static Scene OfFile(string text)
    {
        var scene = new Scene();
        scene.Restart(options => Of(options, text));
        scene.Run();
        scene.Apply(TwoNetworks);
        return scene;
    }

    public static BgpRouter Router(string name, int last, params AddressFamily[] families) =>
        new(name, IpAddress.Parse($"192.0.2.{last}"), Passive: true, Families: [.. families]);

    public void Apply(params ConfigObject[] objects) => Edit([.. objects.Select(value => ConfigEdit.Put(value))]);

    public void Delete(params ConfigObject[] objects) => Edit([.. objects.Select(value => ConfigEdit.Delete(value.Key))]);

    public AgentPlayer Agent(string name, int last, int holdSeconds = 90) =>
        new(this, name, IPAddress.Parse($"192.0.2.{last}"), TimeSpan.FromSeconds(holdSeconds));

    public GatewayPlayer Gateway(string name, int last, params AddressFamily[] families) =>
        new(this, name, IPAddress.Parse($"192.0.2.{last}"), families);

    /// <summary>The process dies and is started anew on the same store.</summary>
    public void Restart(int? restartSeconds = null) =>
        Restart(options => restartSeconds is { } seconds ? options with { RestartTime = TimeSpan.FromSeconds(seconds) } : options);

    /// <param name="change">Of the options.</param>
    /// <param name="beforeStart">What happens when the new process is there and has not begun.</param>
    public void Restart(Func<ControlNodeOptions, ControlNodeOptions> change, Action<ControlNode>? beforeStart = null)
    {
        _loop.Crash();
        Network.Crash("control1");
        _options = change(_options);
        (_loop, Node) = StartNode(beforeStart);
    }

    /// <summary>The options file is read again; answers why it is refused.</summary>
    public IReadOnlyList<string> Reload(ControlNodeOptions options)
    {
        var reload = Node.ReloadAsync(options);
        Run();
        return reload.Result;
    }

    /// <summary>The options file is read again, and is taken.</summary>
    public void Reload(string text) => Assert.That(Reload(Of(Options, text)), Is.Empty);

    public void Run(double seconds = 2) => Scheduler.Advance(TimeSpan.FromSeconds(seconds));

    public RoutesDocument Routes(string vrf) => Inspector.Routes.VrfRoutes(vrf, null, int.MaxValue)!;

    public RouteTarget TargetOf(string network) =>
        RouteTarget.Parse(Inspector.Vrfs().Vrfs.Single(vrf => vrf.Name.EndsWith($":{network}", StringComparison.Ordinal)).ExportTargets[0]);

    /// <summary>What the API answers to edits.</summary>
    public ApplyResult Try(params ConfigEdit[] edits)
    {
        var applied = Node.ConfigApi.ApplyAsync(edits, dryRun: false, "test");
        Run(0.1);
        return applied.Result;
    }

    private static ControlNodeOptions Of(ControlNodeOptions options, string text)
    {
        var file = ControlFile.Read(text);
        return options with
        {
            Neighbors = file.Neighbors,
            DynamicNeighbors = file.DynamicNeighbors,
            Policies = file.Policies,
            VrfPolicies = file.VrfPolicies,
        };
    }

    private void Edit(ConfigEdit[] edits) => Assert.That(Try(edits).Errors, Is.Empty, "the configuration was refused");

    private (SimLoop Loop, ControlNode Node) StartNode(Action<ControlNode>? beforeStart = null)
    {
        var loop = new SimLoop(Scheduler, new SimClock(Scheduler));
        var transport = Network.TransportOf("control1", s_address);
        var node = new ControlNode(
            _options,
            loop,
            loop,
            transport,
            transport,
            _store,
            () => new Guid(++_identifiers, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
            new Random(7),
            NullLoggerFactory.Instance
        );
        beforeStart?.Invoke(node);
        node.Start(() => { }, failure => throw failure);
        return (loop, node);
    }
}
