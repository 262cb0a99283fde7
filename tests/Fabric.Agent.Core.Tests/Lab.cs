using Fabric.Agent.Core.Allocation;
using Fabric.Agent.Core.Ports;
using Fabric.Agent.Core.Publishing;
using Fabric.Agent.Core.Routes;
using Fabric.Model.AgentView;
using Fabric.Model.Datapath;
using Fabric.Primitives;

namespace Fabric.Agent.Core.Tests;

/// <summary>An agent core between a model of its data plane and models of its controllers. Each verb is one event and a flush.</summary>
internal sealed class Lab
{
    public const string First = "192.0.2.1:5269";
    public const string Second = "192.0.2.2:5269";
    public static readonly IpAddress Own = IpAddress.Parse("192.0.2.11");

    private readonly List<AgentEffect> _effects = [];

    public Lab(Allocations? allocations = null, ModelDataPlane? dataPlane = null)
    {
        Allocations = allocations ?? Allocations.None;
        Core = new AgentCore(new AgentSettings("host1", Own, UnderlayMtu: 1500), Allocations);
        DataPlane = dataPlane ?? new ModelDataPlane();
    }

    public AgentCore Core { get; }

    public ModelDataPlane DataPlane { get; }

    public Allocations Allocations { get; private set; }

    public Dictionary<string, ModelController> Controllers { get; } =
        new() { [First] = new ModelController(), [Second] = new ModelController() };

    /// <summary>Everything that the core asked for, in order.</summary>
    public List<AgentEffect> Log { get; } = [];

    /// <summary>An agent whose data plane and first controller are up and whose configuration has come.</summary>
    public static Lab Started(params AgentViewObject[] config)
    {
        var lab = new Lab();
        lab.Do(new DataPlaneConnected()).Establish(First).Configure(First, config).EndOfRib(First);
        return lab;
    }

    public Lab Establish(string controller)
    {
        Controllers[controller] = new ModelController();
        return Do(new ControllerEstablished(controller));
    }

    public Lab Configure(string controller, params AgentViewObject[] config)
    {
        foreach (var item in config)
        {
            Do(new ConfigUpdated(controller, item));
        }

        return Do(new EndOfConfigReceived(controller));
    }

    public Lab EndOfRib(string controller) => Do(new EndOfRibReceived(controller));

    public Lab Plug(string id, string device) => Do(new PortPlugged(View.Plug(id, device)));

    public Lab Learn(string controller, string vrf, string prefix, params string[] nextHops) =>
        Do(new RouteUpdated(controller, View.Key(vrf, prefix), View.Route(nextHops)));

    public Lab Learn(string controller, string vrf, string prefix, uint[] groups, params string[] nextHops) =>
        Do(new RouteUpdated(controller, View.Key(vrf, prefix), View.Route(nextHops) with { SecurityGroups = [.. groups] }));

    public Lab Retract(string controller, string vrf, string prefix) => Do(new RouteRetracted(controller, View.Key(vrf, prefix)));

    public Lab Do(AgentEvent happened)
    {
        Queue(happened);
        return Flush();
    }

    public void Queue(AgentEvent happened) => Core.Handle(happened, _effects);

    public Lab Flush()
    {
        do
        {
            Queue(new Flush());
        } while (Perform());

        return this;
    }

    public string? RouteTo(string prefix) => RoutesTo(prefix).Select(route => Describe(route.NextHop, route.Label)).SingleOrDefault();

    public uint[] GroupsOf(string prefix) => [.. RoutesTo(prefix).Single().SecurityGroups];

    private IEnumerable<RouteEntry> RoutesTo(string prefix) =>
        DataPlane.Routes.Where(route => new IpPrefix(IpAddress.FromIpv4(route.Prefix), (int)route.Length) == IpPrefix.Parse(prefix));

    private string Describe(uint nextHop, uint label)
    {
        var hop = DataPlane.NextHop(nextHop);
        return hop switch
        {
            { Interface: { } own } => $"vif {DataPlane.Vifs.Single(vif => vif.Id == own.Vif).Device}",
            { Tunnel: { } tunnel } => $"tunnel {IpAddress.FromIpv4(tunnel.Destination)} label {label}",
            { Ecmp: { } ecmp } => string.Join(" | ", ecmp.Members.Select(member => Describe(member.NextHop, member.Label)).Order()),
            _ => hop.KindCase.ToString().ToLowerInvariant(),
        };
    }

    private bool Perform()
    {
        var batches = 0;
        foreach (var effect in _effects.ToList())
        {
            Log.Add(effect);
            switch (effect)
            {
                case SendBatch send:
                    DataPlane.Apply(send.Batch);
                    Core.Handle(new DataPlaneApplied(send.Batch.Generation, ""), []);
                    batches++;
                    break;
                case SaveAllocations save:
                    Allocations = save.Allocations;
                    break;
                case SubscribeVrf subscribe:
                    Controllers[subscribe.Controller].Subscribe(subscribe.Vrf, subscribe.InstanceId);
                    break;
                case UnsubscribeVrf unsubscribe:
                    Controllers[unsubscribe.Controller].Unsubscribe(unsubscribe.Vrf);
                    break;
                case PublishRoute publish:
                    Controllers[publish.Controller].Publish(publish.Route);
                    break;
                case WithdrawRoute withdraw:
                    Controllers[withdraw.Controller].Withdraw(withdraw.Route);
                    break;
                case SendEndOfRib end:
                    Controllers[end.Controller].EndOfRibCount++;
                    break;
            }
        }

        _effects.Clear();
        return batches > 0;
    }
}

/// <summary>What one session of a controller was told; refuses what closes a session (control-plane contract, section 1.5).</summary>
internal sealed class ModelController
{
    public Dictionary<string, uint> Subscriptions { get; } = [];

    public Dictionary<VrfPrefix, PublishedRoute> Routes { get; } = [];

    public int EndOfRibCount { get; set; }

    public void Subscribe(string vrf, uint id) => Subscriptions.Add(vrf, id);

    public void Unsubscribe(string vrf)
    {
        Assert.That(Routes.Keys.Where(key => key.Vrf == vrf), Is.Empty);
        Assert.That(Subscriptions.Remove(vrf), Is.True);
    }

    public void Publish(PublishedRoute route)
    {
        Assert.That(Subscriptions, Does.ContainKey(route.Key.Vrf));
        Routes[route.Key] = route;
    }

    public void Withdraw(PublishedRoute route) => Assert.That(Routes.Remove(route.Key), Is.True);
}

/// <summary>Shorthand for what config, orchestrator and controllers say.</summary>
internal static class View
{
    public const string Red = "default-domain:acme:red:red";
    public const string Blue = "default-domain:acme:blue:blue";
    public const string PortA = "00000000-0000-4000-8000-00000000000a";
    public const string PortB = "00000000-0000-4000-8000-00000000000b";
    public const string PortC = "00000000-0000-4000-8000-00000000000c";

    public static AgentVirtualNetwork Network(string name, string subnet, int? mtu = null)
    {
        var prefix = IpPrefix.Parse(subnet);
        var first = prefix.Address.Ipv4;
        return new AgentVirtualNetwork(
            $"default-domain:acme:{name}",
            NetworkId: 5,
            $"default-domain:acme:{name}:{name}",
            [
                new AgentSubnet(
                    prefix,
                    IpAddress.FromIpv4(first + 1),
                    IpAddress.FromIpv4(first + 2),
                    DhcpEnabled: true,
                    [IpAddress.FromIpv4(first + 2)],
                    "acme.example",
                    [new AgentHostRoute(IpPrefix.Parse("203.0.113.0/24"), default)]
                ),
            ],
            mtu
        );
    }

    public static AgentPort Port(string id, string network, string address, params string[] groups) =>
        new(
            id,
            $"vm-{id[^1]}",
            $"default-domain:acme:{network}",
            MacAddress.Parse($"02:00:00:00:00:0{id[^1]}"),
            [IpAddress.Parse(address)],
            groups.ToEquatableArray()
        );

    public static AgentSecurityGroup Group(string name, uint id) =>
        new(name, id, [new AgentSecurityGroupRule("allow-web", TrafficDirection.Ingress, Protocol: 6, 80, 80, null, RemoteGroup: 0)]);

    public static Port Plug(string id, string device) =>
        new(id, device, null, null, null, null, null, null, Type: 0, RxVlanId: -1, TxVlanId: -1, Enabled: true);

    public static VrfPrefix Key(string vrf, string prefix) => new(vrf, IpPrefix.Parse(prefix));

    /// <summary>Next hops as "ADDRESS LABEL", both ends doing MPLS over GRE, or "ADDRESS LABEL ENCAPSULATION".</summary>
    public static RemoteRoute Route(params string[] nextHops) =>
        new(nextHops.Select(NextHop).ToEquatableArray(), "default-domain:acme:red", [], LocalPreference: 100, Sequence: 0);

    private static RemoteNextHop NextHop(string text)
    {
        var words = text.Split(' ');
        return new RemoteNextHop(
            IpAddress.Parse(words[0]),
            new MplsLabel(uint.Parse(words[1])),
            words.Length > 2 ? Enum.Parse<TunnelEncapsulations>(words[2]) : TunnelEncapsulations.MplsOverGre
        );
    }
}
