namespace Fabric.Xmpp.Tests;

public sealed class AgentSessionTests
{
    private const string Vrf = "default-domain:acme:web:web";

    private readonly Recorder _recorder = new();
    private AgentRegistry _registry = null!;

    [SetUp]
    public void SetUp()
    {
        _recorder.Take();
        _recorder.Fault = null;
        _registry = new AgentRegistry(new XmppOptions(), _recorder);
    }

    [Test]
    public void What_this_node_fails_at_ends_the_session_and_is_not_tried_again_with_what_follows()
    {
        var agent = new AgentConnection(_registry).Open().Subscribe("red");
        _recorder.Take();
        _recorder.Fault = new InvalidOperationException("no such thing");

        Assert.That(() => agent.Publish("red", "10.1.0.3/32").Associate("red", "10.1.0.3/32"), Throws.InvalidOperationException);
        Assert.That(agent.CloseReason, Is.EqualTo("a fault of this node: no such thing"));

        agent.Associate("red", "10.1.0.3/32");
        Assert.That(_recorder.Take()[0], Is.EqualTo("down a fault of this node: no such thing"));
    }

    [Test]
    public void An_agents_open_is_answered_and_the_session_established()
    {
        var agent = new AgentConnection(_registry).Open();

        Assert.That(
            agent.TakeSent(),
            Does.StartWith(
                "<?xml version=\"1.0\"?><stream:stream from=\"network-control@contrailsystems.com\" to=\"host7.example.net\" id=\"++1\""
            )
        );
        Assert.That(_recorder.Take(), Is.EqualTo(new[] { "established host7.example.net" }));
        Assert.That(agent.Timers.Keys, Is.EquivalentTo(new[] { AgentSessionTimer.Hold, AgentSessionTimer.KeepAlive }));
        Assert.That(agent.Timers[AgentSessionTimer.Hold], Is.EqualTo(TimeSpan.FromSeconds(90)));
    }

    [Test]
    public void A_connection_that_does_not_open_its_stream_in_15_seconds_is_closed()
    {
        var agent = new AgentConnection(_registry);
        Assert.That(agent.Timers[AgentSessionTimer.Open], Is.EqualTo(TimeSpan.FromSeconds(15)));

        agent.Session.TimerExpired(AgentSessionTimer.Open);

        Assert.That(agent.CloseReason, Does.Contain("not opened in time"));
        Assert.That(agent.Timers, Is.Empty);
    }

    [Test]
    public void Keepalives_go_out_every_third_of_the_hold_time()
    {
        var agent = new AgentConnection(_registry).Open();
        agent.TakeSent();
        agent.Timers.Clear();

        agent.Session.TimerExpired(AgentSessionTimer.KeepAlive);

        Assert.That(agent.TakeSent(), Is.EqualTo("\u0200"));
        Assert.That(agent.Timers[AgentSessionTimer.KeepAlive], Is.EqualTo(TimeSpan.FromSeconds(30)));
    }

    [TestCase("\u0200")]
    [TestCase(" ")]
    [TestCase("<iq/>")]
    public void Anything_heard_restarts_the_hold_timer(string said)
    {
        var agent = new AgentConnection(_registry).Open();
        agent.Timers.Clear();

        agent.Say(said);

        Assert.That(agent.Timers.Keys, Is.EqualTo(new[] { AgentSessionTimer.Hold }));
    }

    [Test]
    public void A_silent_agent_is_closed_and_its_state_kept_as_stale()
    {
        var agent = new AgentConnection(_registry).Open();
        _recorder.Take();

        agent.Session.TimerExpired(AgentSessionTimer.Hold);

        Assert.That(agent.CloseReason, Does.Contain("hold time of 90 s"));
        Assert.That(_recorder.Take(), Is.EqualTo(new[] { $"down {agent.CloseReason}", "mark stale", "restart timer 120" }));
    }

    /// <summary>Names outlive their session; a stanza has room for a million characters, and an agent may join ten thousand VRFs.</summary>
    [Test]
    public void An_agent_with_an_endless_name_is_refused()
    {
        var agent = new AgentConnection(_registry).Open(new string('h', 513));

        Assert.That(agent.CloseReason, Is.EqualTo("an agent's name of 513 characters, of 512 at most"));
        Assert.That(_registry.Agents, Is.Empty);
    }

    [Test]
    public void A_VRF_with_an_endless_name_ends_the_session()
    {
        var agent = new AgentConnection(_registry).Open().Subscribe(new string('v', 512));
        Assert.That(agent.CloseReason, Is.Null);

        agent.Subscribe(new string('v', 513));

        Assert.That(agent.CloseReason, Is.EqualTo("protocol violation: a VRF's name of 513 characters, of 512 at most"));
    }

    [Test]
    public void A_route_is_published_and_withdrawn_in_its_vrf()
    {
        var agent = new AgentConnection(_registry).Open().Subscribe(Vrf);
        agent.Publish(Vrf, "10.20.0.5/32").Associate(Vrf, "10.20.0.5/32");
        agent.Publish(Vrf, "10.20.0.5/32").Dissociate(Vrf, "10.20.0.5/32");
        agent.Unsubscribe(Vrf);

        Assert.That(
            _recorder.Take().Skip(1),
            Is.EqualTo(
                new[] { $"subscribed {Vrf} 5", $"published {Vrf} 10.20.0.5/32", $"withdrawn {Vrf} 10.20.0.5/32", $"unsubscribed {Vrf}" }
            )
        );
    }

    [Test]
    public void Subscribing_twice_for_the_same_changes_nothing()
    {
        new AgentConnection(_registry).Open().Subscribe(Vrf).Subscribe(Vrf);

        Assert.That(_recorder.Take().Skip(1), Is.EqualTo(new[] { $"subscribed {Vrf} 5" }));
    }

    [Test]
    public void Subscribing_with_another_instance_id_begins_anew()
    {
        new AgentConnection(_registry).Open().Subscribe(Vrf).Subscribe(Vrf, 6);

        Assert.That(_recorder.Take().Skip(1), Is.EqualTo(new[] { $"subscribed {Vrf} 5", $"unsubscribed {Vrf}", $"subscribed {Vrf} 6" }));
    }

    [Test]
    public void A_publish_from_before_an_unsubscribe_never_reaches_the_later_subscription()
    {
        var agent = new AgentConnection(_registry).Open().Subscribe(Vrf);
        agent.Publish(Vrf, "10.20.0.5/32").Unsubscribe(Vrf).Subscribe(Vrf).Associate(Vrf, "10.20.0.5/32");

        Assert.That(_recorder.Take().Where(l => l.StartsWith("published")), Is.Empty);
        Assert.That(agent.CloseReason, Is.Null);
    }

    [Test]
    public void Each_subscription_has_a_newer_generation()
    {
        var agent = new AgentConnection(_registry).Open().Subscribe(Vrf);
        var first = agent.Session.Agent!.Subscriptions.Single().Generation;
        agent.Unsubscribe(Vrf).Subscribe(Vrf);

        Assert.That(agent.Session.Agent!.Subscriptions.Single().Generation, Is.GreaterThan(first));
    }

    [Test]
    public void A_malformed_item_is_passed_over_and_the_session_goes_on()
    {
        var agent = new AgentConnection(_registry).Open().Subscribe(Vrf);
        agent.Publish(Vrf, "10.20.0.5/99").Associate(Vrf, "10.20.0.5/99");
        agent.Publish(Vrf, "10.20.0.6/32").Associate(Vrf, "10.20.0.5/32");

        Assert.That(_recorder.Take()[2..], Has.Length.EqualTo(2).And.All.StartsWith("skipped"));
        Assert.That(agent.CloseReason, Is.Null);
    }

    [Test]
    public void Violations_close_the_session_with_the_reason()
    {
        var route = "10.20.0.5/32";

        Assert.That(ReasonAfter(a => a.Unsubscribe(Vrf)), Does.Contain("unsubscribe"));
        Assert.That(ReasonAfter(a => a.Publish(Vrf, route).Associate(Vrf, route)), Does.Contain("not subscribed"));
        Assert.That(
            ReasonAfter(a => a.Subscribe(Vrf).Unsubscribe(Vrf).Publish(Vrf, route).Associate(Vrf, route)),
            Does.Contain("not subscribed")
        );
        Assert.That(ReasonAfter(a => a.Subscribe(Vrf).Associate(Vrf, route)), Does.Contain("without a publish"));
        Assert.That(ReasonAfter(a => a.Say("<iq><a></iq></a>")), Does.Contain("malformed"));
        Assert.That(ReasonAfter(a => a.Say("<!DOCTYPE x>")), Does.Contain("malformed"));
        Assert.That(ReasonAfter(a => a.Say("</stream:stream>")), Does.Contain("closed its stream"));

        string? ReasonAfter(Action<AgentConnection> act)
        {
            var agent = new AgentConnection(new AgentRegistry(new XmppOptions(), new Recorder())).Open();
            act(agent);
            return agent.CloseReason;
        }
    }

    [Test]
    public void An_agent_gets_its_own_hosts_configuration_and_no_other()
    {
        var agent = new AgentConnection(_registry).Open();
        agent.Say(AgentConnection.Iq("<subscribe node=\"virtual-router:default-global-system-config:host7.example.net\"/>", "config"));
        agent.Say(AgentConnection.Iq("<subscribe node=\"virtual-router:default-global-system-config:host8.example.net\"/>", "config"));

        Assert.That(
            _recorder.Take().Skip(1),
            Is.EqualTo(
                new[]
                {
                    "config default-global-system-config:host7.example.net",
                    "skipped asks for the configuration of default-global-system-config:host8.example.net, which is not its own",
                }
            )
        );
    }

    [Test]
    public void The_control_node_sends_end_of_rib_and_the_config_view()
    {
        var agent = new AgentConnection(_registry).Open();
        agent.TakeSent();

        agent.Session.Agent!.SendEndOfRib();
        agent.Session.Agent!.SendConfig(7, ["<node type=\"port\"/>"u8.ToArray()], []);
        agent.Session.Agent!.SendEndOfConfig(7);

        Assert.That(
            agent.TakeSent(),
            Is.EqualTo(
                "<message from=\"network-control@contrailsystems.com\" to=\"host7.example.net/bgp-peer\"><event xmlns=\"http://jabber.org/protocol/pubsub\">"
                    + "<items node=\"0/0/EndOfRib\"></items></event></message>"
                    + "<iq type=\"set\" from=\"network-control@contrailsystems.com\" to=\"default-global-system-config:host7.example.net/config\">"
                    + "<config generation=\"7\"><update><node type=\"port\"/></update></config></iq>"
                    + "<iq type=\"set\" from=\"network-control@contrailsystems.com\" to=\"default-global-system-config:host7.example.net/config\">"
                    + "<config generation=\"7\"><end-of-config/></config></iq>"
            )
        );
    }
}
