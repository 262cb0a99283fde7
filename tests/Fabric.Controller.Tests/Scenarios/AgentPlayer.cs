using System.Net;
using System.Text;
using System.Xml.Linq;
using Fabric.Agent.Core.Xmpp;
using Fabric.Primitives;
using Fabric.Runtime;
using Fabric.Simulation.Kernel;
using Fabric.Wire.Xmpp;

namespace Fabric.Controller.Tests.Scenarios;

/// <summary>An agent's session with the control node; the test says what it says, and reads in words what it heard.</summary>
internal sealed class AgentPlayer : IControllerSessionEffects, IConnectionHandler
{
    private readonly Scene _scene;
    private readonly string _name;
    private readonly SimLoop _loop;
    private readonly ITransport _transport;
    private readonly LoopTimer[] _timers;
    private IConnection? _connection;

    public AgentPlayer(Scene scene, string name, IPAddress address, TimeSpan holdTime)
    {
        _scene = scene;
        _name = name;
        Address = IpAddress.From(address);
        _loop = new SimLoop(scene.Scheduler, new SimClock(scene.Scheduler));
        _transport = scene.Network.TransportOf(name, address);
        Session = new ControllerSession(
            new ControllerSessionOptions
            {
                AgentName = name,
                JitterSeed = 1,
                HoldTime = holdTime,
            },
            this
        );
        _timers = [.. Enum.GetValues<ControllerSessionTimer>().Select(timer => new LoopTimer(_loop, () => Session.TimerExpired(timer)))];
    }

    public ControllerSession Session { get; }

    public IpAddress Address { get; }

    /// <summary>What it does once a session is up, at each session.</summary>
    public Action OnEstablished { get; set; } = static () => { };

    public List<string> Heard { get; } = [];

    /// <summary>The network that a route is from, as it was told last.</summary>
    public Dictionary<string, string> Origins { get; } = [];

    /// <summary>What it heard since the last call.</summary>
    public string[] Take()
    {
        var heard = Heard.ToArray();
        Heard.Clear();
        return heard;
    }

    public AgentPlayer Connected()
    {
        _loop.Post(static session => session.Start(), Session);
        _scene.Run();
        Assert.That(Session.IsEstablished, Is.True);
        return this;
    }

    /// <summary>Lets itself be heard again and again, whatever it hears.</summary>
    public void KeepAlive(TimeSpan interval) =>
        _scene.Scheduler.Schedule(
            interval,
            () =>
            {
                _connection!.Send(XmppFramer.KeepAlive);
                KeepAlive(interval);
            }
        );

    public void Publish(string vrf, string prefix, uint label = 16, string? nextHop = null) =>
        Session.PublishRoute(vrf, Item(prefix, label, nextHop is null ? Address : IpAddress.Parse(nextHop)));

    public void Withdraw(string vrf, string prefix, uint label = 16) => Session.WithdrawRoute(vrf, Item(prefix, label, Address));

    void IControllerSessionEffects.Connect() =>
        _connection = _transport.Connect(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 5269), null, _loop, this);

    void IControllerSessionEffects.Send(ReadOnlySpan<byte> bytes) => _connection!.Send(bytes);

    void IControllerSessionEffects.StartTls() => throw new NotSupportedException();

    void IControllerSessionEffects.SetTimer(ControllerSessionTimer timer, TimeSpan time) => _timers[(int)timer].Set(time);

    void IControllerSessionEffects.CancelTimer(ControllerSessionTimer timer) => _timers[(int)timer].Cancel();

    void IControllerSessionEffects.Close(string reason) => _connection?.Close();

    void IControllerSessionEffects.Established() => OnEstablished();

    void IControllerSessionEffects.Down(string reason) => Heard.Add("down");

    void IControllerSessionEffects.RouteUpdated(string vrf, UnicastItem item)
    {
        Heard.Add($"{Network(vrf)} {item.Prefix} via {string.Join(',', item.NextHops.Select(hop => hop.Address))}");
        Origins[$"{Network(vrf)} {item.Prefix}"] = item.VirtualNetwork;
    }

    void IControllerSessionEffects.RouteRetracted(string vrf, AddressFamily family, IpPrefix prefix) =>
        Heard.Add($"{Network(vrf)} {prefix} gone");

    void IControllerSessionEffects.EndOfRibReceived() => Heard.Add("end-of-rib");

    void IControllerSessionEffects.ConfigReceived(ConfigStanza config)
    {
        Heard.AddRange(config.Updates.Select(node => $"put {Describe(node)}"));
        Heard.AddRange(config.Deletes.Select(node => $"delete {Describe(node)}"));
    }

    void IControllerSessionEffects.EndOfConfigReceived(ulong generation) => Heard.Add("end-of-config");

    void IControllerSessionEffects.InputSkipped(string reason) => Heard.Add($"skipped: {reason}");

    void IConnectionHandler.OnOpened(IConnection connection) => Session.Connected();

    int IConnectionHandler.OnReceived(IConnection connection, ReadOnlySpan<byte> bytes) => Session.Receive(bytes);

    void IConnectionHandler.OnWritable(IConnection connection) { }

    void IConnectionHandler.OnSecured(IConnection connection, IReadOnlyList<string> peerNames) { }

    void IConnectionHandler.OnClosed(IConnection connection, string reason)
    {
        if (ReferenceEquals(connection, _connection))
        {
            Session.Closed(reason);
        }
    }

    private static UnicastItem Item(string prefix, uint label, IpAddress nextHop) =>
        new()
        {
            Family = AddressFamily.Ipv4Unicast,
            Prefix = IpPrefix.Parse(prefix),
            NextHops =
            [
                new ItemNextHop
                {
                    Address = nextHop,
                    Label = label,
                    Encapsulations = TunnelEncapsulations.MplsOverGre,
                },
            ],
        };

    private static string Describe(ReadOnlyMemory<byte> node)
    {
        var element = XElement.Parse(Encoding.UTF8.GetString(node.Span));
        return $"{element.Attribute("type")!.Value} {element.Element("name")!.Value}";
    }

    private static string Network(string vrf) => vrf[(vrf.LastIndexOf(':') + 1)..];

    public override string ToString() => _name;
}
