using Fabric.Wire.Xmpp;

namespace Fabric.Xmpp.Tests;

public sealed class StartTlsTests
{
    private const string StartTls = "<starttls xmlns=\"urn:ietf:params:xml:ns:xmpp-tls\"/>";

    private readonly Recorder _recorder = new();
    private AgentRegistry _registry = null!;

    [SetUp]
    public void SetUp()
    {
        _recorder.Take();
        _registry = new AgentRegistry(new XmppOptions { RequireTls = true }, _recorder);
    }

    [Test]
    public void The_order_is_open_features_starttls_proceed_handshake_open()
    {
        var agent = new AgentConnection(_registry).Open();
        Assert.That(
            agent.TakeSent(),
            Does.EndWith("<stream:features><starttls xmlns=\"urn:ietf:params:xml:ns:xmpp-tls\"><required/></starttls></stream:features>")
        );

        agent.Say(StartTls);
        Assert.That(agent.TakeSent(), Is.EqualTo("<proceed xmlns=\"urn:ietf:params:xml:ns:xmpp-tls\"/>"));
        Assert.That(agent.IsSecuring, Is.True);
        Assert.That(_recorder.Take(), Is.Empty, "nothing is established in plain text");

        agent.Session.Secured([AgentConnection.Name]);
        agent.Open();
        Assert.That(agent.TakeSent(), Does.StartWith("<?xml version=\"1.0\"?><stream:stream").And.Not.Contain("starttls"));
        Assert.That(_recorder.Take(), Is.EqualTo(new[] { $"established {AgentConnection.Name}" }));
    }

    [Test]
    public void A_name_that_is_not_in_the_certificate_is_refused_in_words()
    {
        var agent = new AgentConnection(_registry).Open().Say(StartTls);

        agent.Session.Secured(["host8.example.net", "host9.example.net"]);

        Assert.That(
            agent.CloseReason,
            Is.EqualTo("the agent calls itself host7.example.net, but its certificate is for host8.example.net, host9.example.net")
        );
        Assert.That(_recorder.Take(), Is.Empty);
    }

    [Test]
    public void The_name_may_not_change_under_tls()
    {
        var agent = new AgentConnection(_registry).Open().Say(StartTls);
        agent.Session.Secured([AgentConnection.Name, "other"]);

        agent.Open("other");

        Assert.That(agent.CloseReason, Does.Contain("other under TLS"));
    }

    [Test]
    public void Plain_text_behind_starttls_is_refused()
    {
        var agent = new AgentConnection(_registry).Open().Say(StartTls + "<iq/>");

        Assert.That(agent.CloseReason, Is.EqualTo("bytes behind starttls"));
    }

    [Test]
    public void A_stranger_is_held_no_more_of_than_a_name_takes_until_the_certificate_is_known()
    {
        var agent = new AgentConnection(_registry).Open();

        agent.Say($"<iq>{new string(' ', XmppFramer.MaximumOpenBytes)}");

        Assert.That(agent.CloseReason, Is.EqualTo("malformed input: stanza longer than 4096 bytes"));
    }

    [Test]
    public void A_stranger_without_a_certificate_cannot_push_an_agent_out()
    {
        var agent = new AgentConnection(_registry).Open().Say(StartTls);
        agent.Session.Secured([AgentConnection.Name]);
        agent.Open();
        _recorder.Take();

        new AgentConnection(_registry).Open();

        Assert.That(_recorder.Take(), Is.Empty);
        Assert.That(agent.CloseReason, Is.Null);
    }

    [Test]
    public void Routes_before_tls_are_refused() =>
        Assert.That(new AgentConnection(_registry).Open().Subscribe("v").CloseReason, Does.Contain("before the session was established"));

    [Test]
    public void A_handshake_that_does_not_end_is_closed()
    {
        var agent = new AgentConnection(_registry).Open().Say(StartTls);

        agent.Session.TimerExpired(AgentSessionTimer.Open);

        Assert.That(agent.CloseReason, Is.EqualTo("TLS was not up in time"));
    }
}
