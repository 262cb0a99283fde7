using System.Text;
using Fabric.Primitives;

namespace Fabric.Xmpp.Tests;

/// <summary>An agent's end of a connection, which says raw XML and writes down what the control node answers.</summary>
internal sealed class AgentConnection : IAgentSessionEffects
{
    public const string Name = "host7.example.net";

    private readonly StringBuilder _sent = new();

    public AgentConnection(AgentRegistry registry, string address = "192.0.2.17") =>
        Session = registry.Accept(IpAddress.Parse(address), this);

    public AgentSession Session { get; }

    public Dictionary<AgentSessionTimer, TimeSpan> Timers { get; } = [];

    public bool IsSecuring { get; private set; }

    public string? CloseReason { get; private set; }

    /// <summary>What the control node sent since the last call.</summary>
    public string TakeSent()
    {
        var sent = _sent.ToString();
        _sent.Clear();
        return sent;
    }

    public AgentConnection Say(string xml)
    {
        Session.Receive(Encoding.UTF8.GetBytes(xml));
        return this;
    }

    public AgentConnection Open(string name = Name) =>
        Say(
            $"<?xml version=\"1.0\"?><stream:stream from=\"{name}\" to=\"network-control@contrailsystems.com\" version=\"1.0\" xml:lang=\"en\""
                + " xmlns=\"jabber:client\" xmlns:stream=\"http://etherx.jabber.org/streams\" >"
        );

    public AgentConnection Subscribe(string vrf, int instanceId = 5) =>
        Say(Iq($"<subscribe node=\"{vrf}\"><options><instance-id>{instanceId}</instance-id></options></subscribe>"));

    public AgentConnection Unsubscribe(string vrf) => Say(Iq($"<unsubscribe node=\"{vrf}\"/>"));

    public AgentConnection Publish(string vrf, string prefix) =>
        Say(
            Iq(
                $"<publish node=\"1/1/{vrf}/{prefix}\"><item><entry><nlri><af>1</af><safi>1</safi><address>{prefix}</address></nlri>"
                    + "<next-hops><next-hop><af>1</af><address>192.0.2.17</address><label>33</label></next-hop></next-hops></entry></item></publish>"
            )
        );

    public AgentConnection Associate(string vrf, string prefix) =>
        Say(Iq($"<collection node=\"{vrf}\"><associate node=\"1/1/{vrf}/{prefix}\"/></collection>"));

    public AgentConnection Dissociate(string vrf, string prefix) =>
        Say(Iq($"<collection node=\"{vrf}\"><dissociate node=\"1/1/{vrf}/{prefix}\"/></collection>"));

    public AgentConnection EndOfRib() =>
        Say(
            $"<message from=\"{Name}\" to=\"network-control@contrailsystems.com/bgp-peer\"><event xmlns=\"http://jabber.org/protocol/pubsub\">"
                + "<items node=\"0/0/EndOfRib\"></items></event></message>"
        );

    public static string Iq(string body, string resource = "bgp-peer") =>
        $"<iq type=\"set\" from=\"{Name}\" to=\"network-control@contrailsystems.com/{resource}\" id=\"x1\">"
        + $"<pubsub xmlns=\"http://jabber.org/protocol/pubsub\">{body}</pubsub></iq>";

    void IAgentSessionEffects.Send(ReadOnlySpan<byte> bytes) => _sent.Append(Encoding.UTF8.GetString(bytes));

    void IAgentSessionEffects.StartTls() => IsSecuring = true;

    void IAgentSessionEffects.SetTimer(AgentSessionTimer timer, TimeSpan time) => Timers[timer] = time;

    void IAgentSessionEffects.CancelTimer(AgentSessionTimer timer) => Timers.Remove(timer);

    void IAgentSessionEffects.Close(string reason) => CloseReason = reason;
}
