using System.Text;
using Fabric.Fuzz.Engine;

namespace Fabric.Fuzz.Targets;

/// <summary>What an agent sends, before its stream is open, under TLS, and with subscriptions; at once and in pieces.</summary>
internal sealed class AgentSessionTarget : IFuzzSubject
{
    private const string Open =
        $"<?xml version=\"1.0\"?><stream:stream from=\"{ControlNodeEnd.AgentName}\" to=\"network-control@contrailsystems.com\" version=\"1.0\" "
        + "xml:lang=\"en\" xmlns=\"jabber:client\" xmlns:stream=\"http://etherx.jabber.org/streams\" >";

    private const string StartTls = "<starttls xmlns=\"urn:ietf:params:xml:ns:xmpp-tls\"/>";

    private const string Subscribe =
        $"<iq type=\"set\" from=\"{ControlNodeEnd.AgentName}\" to=\"network-control@contrailsystems.com/bgp-peer\" id=\"subscribe1\">"
        + "<pubsub xmlns=\"http://jabber.org/protocol/pubsub\"><subscribe node=\"default-domain:acme:web:web\">"
        + "<options><instance-id>5</instance-id></options></subscribe></pubsub></iq>";

    private readonly Random _random;
    private readonly ControlNodeEnd _whole;
    private readonly ControlNodeEnd _cut;
    private readonly Pieces _wholeStream;
    private readonly Pieces _cutStream;

    public AgentSessionTarget(Random random)
    {
        _random = random;
        var requireTls = random.Next(3) == 0;
        _whole = new ControlNodeEnd(requireTls);
        _cut = new ControlNodeEnd(requireTls);
        _wholeStream = new Pieces(_whole.Receive);
        _cutStream = new Pieces(_cut.Receive);
        string[] steps = requireTls ? [Open, StartTls, Open, Subscribe] : [Open, Subscribe];
        foreach (var step in steps[..random.Next(steps.Length + 1)])
        {
            _wholeStream.Give(Encoding.UTF8.GetBytes(step));
            _cutStream.Give(Encoding.UTF8.GetBytes(step));
        }
    }

    public int Taken => _whole.Routes;

    public void Feed(ReadOnlySpan<byte> input)
    {
        _wholeStream.Give(input);
        _cutStream.GiveInPieces(input, _random);
    }

    public void Check()
    {
        Invariant.Holds(_whole.CloseReason is not "", "closed without a reason");
        Invariant.Holds(
            _whole.Session.Agent is not { } agent || agent.IsEstablished && _whole.Registry.Find(agent.Name) == agent,
            "the session's agent is not the registry's"
        );
        var mayDiffer = XmppLogs.EndsAtStartTls(_whole.Log) || XmppLogs.EndsAtStartTls(_cut.Log);
        Invariant.Holds(
            mayDiffer || XmppLogs.AreSame(_whole.Log, _cut.Log),
            $"at once: {XmppLogs.Tail(_whole.Log)}; in pieces: {XmppLogs.Tail(_cut.Log)}"
        );
    }
}
