using System.Text;
using Fabric.Agent.Core.Xmpp;
using Fabric.Fuzz.Engine;

namespace Fabric.Fuzz.Targets;

/// <summary>What a control node sends to an agent, in each state of the session; at once and in pieces.</summary>
internal sealed class ControllerSessionTarget : IFuzzSubject
{
    private const string Open =
        "<?xml version=\"1.0\"?><stream:stream from=\"network-control@contrailsystems.com\" to=\"host7.example.net\" id=\"++1\" version=\"1.0\" "
        + "xml:lang=\"en\" xmlns=\"jabber:client\" xmlns:stream=\"http://etherx.jabber.org/streams\" >";

    private const string Features =
        "<stream:features><starttls xmlns=\"urn:ietf:params:xml:ns:xmpp-tls\"><required/></starttls></stream:features>";

    private const string Proceed = "<proceed xmlns=\"urn:ietf:params:xml:ns:xmpp-tls\"/>";

    private readonly Random _random;
    private readonly AgentEnd _whole;
    private readonly AgentEnd _cut;
    private readonly Pieces _wholeStream;
    private readonly Pieces _cutStream;

    public ControllerSessionTarget(Random random)
    {
        _random = random;
        var useTls = random.Next(3) == 0;
        _whole = new AgentEnd(useTls);
        _cut = new AgentEnd(useTls);
        _wholeStream = new Pieces(_whole.Receive);
        _cutStream = new Pieces(_cut.Receive);
        string[] steps = useTls ? [Open, Features, Proceed, Open] : [Open];
        var taken = random.Next(4) == 0 ? random.Next(steps.Length) : steps.Length;
        foreach (var step in steps[..taken])
        {
            _wholeStream.Give(Encoding.UTF8.GetBytes(step));
            _cutStream.Give(Encoding.UTF8.GetBytes(step));
        }
    }

    public int Taken => _whole.Learnt;

    public void Feed(ReadOnlySpan<byte> input)
    {
        _wholeStream.Give(input);
        _cutStream.GiveInPieces(input, _random);
    }

    public void Check()
    {
        Invariant.Holds(
            _whole.Session.State >= ControllerSessionState.WaitOpen
                || _whole.Log.Exists(l => l.StartsWith("down ", StringComparison.Ordinal)),
            "the session ended unsaid"
        );
        var mayDiffer = XmppLogs.EndsAtStartTls(_whole.Log) || XmppLogs.EndsAtStartTls(_cut.Log);
        Invariant.Holds(
            mayDiffer || XmppLogs.AreSame(_whole.Log, _cut.Log),
            $"at once: {XmppLogs.Tail(_whole.Log)}; in pieces: {XmppLogs.Tail(_cut.Log)}"
        );
    }
}
