using System.Text;
using Fabric.Agent.Core.Xmpp;
using Fabric.Primitives;
using Fabric.Wire.Xmpp;

namespace Fabric.Agent.Core.Tests.Xmpp;

/// <summary>A control node's end of a connection, which says raw XML and writes down what the agent answers and does.</summary>
internal sealed class ControllerConnection : IControllerSessionEffects
{
    public const string Open =
        "<?xml version=\"1.0\"?><stream:stream from=\"network-control@contrailsystems.com\" to=\"host7.example.net\" id=\"++123\" version=\"1.0\""
        + " xml:lang=\"en\" xmlns=\"jabber:client\" xmlns:stream=\"http://etherx.jabber.org/streams\" >";

    private readonly StringBuilder _sent = new();

    public ControllerConnection(bool useTls = false, params string[] controllerNames) =>
        Session = new ControllerSession(
            new ControllerSessionOptions
            {
                AgentName = "host7.example.net",
                JitterSeed = 7,
                UseTls = useTls,
                ControllerNames = controllerNames,
            },
            this
        );

    public ControllerSession Session { get; }

    public List<string> Lines { get; } = [];

    public Dictionary<ControllerSessionTimer, TimeSpan> Timers { get; } = [];

    public string TakeSent()
    {
        var sent = _sent.ToString();
        _sent.Clear();
        return sent;
    }

    public ControllerConnection Connect()
    {
        Session.Start();
        Session.Connected();
        return this;
    }

    /// <summary>A session established in plain text.</summary>
    public ControllerConnection Establish()
    {
        Connect().Say(Open);
        TakeSent();
        Lines.Clear();
        return this;
    }

    public ControllerConnection Say(string xml)
    {
        Session.Receive(Encoding.UTF8.GetBytes(xml));
        return this;
    }

    public ControllerConnection SayMessage(string items) =>
        Say(
            "<message from=\"network-control@contrailsystems.com\" to=\"host7.example.net/bgp-peer\">"
                + $"<event xmlns=\"http://jabber.org/protocol/pubsub\">{items}</event></message>"
        );

    void IControllerSessionEffects.Connect() => Lines.Add("connect");

    void IControllerSessionEffects.Send(ReadOnlySpan<byte> bytes) => _sent.Append(Encoding.UTF8.GetString(bytes));

    void IControllerSessionEffects.StartTls() => Lines.Add("start tls");

    void IControllerSessionEffects.SetTimer(ControllerSessionTimer timer, TimeSpan time) => Timers[timer] = time;

    void IControllerSessionEffects.CancelTimer(ControllerSessionTimer timer) => Timers.Remove(timer);

    void IControllerSessionEffects.Close(string reason)
    {
        Lines.Add($"close {reason}");
        Session.Closed("closed by ourselves");
    }

    void IControllerSessionEffects.Established() => Lines.Add("established");

    void IControllerSessionEffects.Down(string reason) => Lines.Add($"down {reason}");

    void IControllerSessionEffects.RouteUpdated(string vrf, UnicastItem item) =>
        Lines.Add($"route {vrf} {item.Prefix} label {item.NextHops[0].Label}");

    void IControllerSessionEffects.RouteRetracted(string vrf, AddressFamily family, IpPrefix prefix) =>
        Lines.Add($"retract {vrf} {prefix}");

    void IControllerSessionEffects.EndOfRibReceived() => Lines.Add("end of rib");

    void IControllerSessionEffects.ConfigReceived(ConfigStanza config) =>
        Lines.Add($"config {config.Generation}: {config.Updates.Count} updates, {config.Deletes.Count} deletes");

    void IControllerSessionEffects.EndOfConfigReceived(ulong generation) => Lines.Add($"end of config {generation}");

    void IControllerSessionEffects.InputSkipped(string reason) => Lines.Add($"skipped {reason}");
}
