using Fabric.Agent.Core.Xmpp;
using Fabric.Primitives;
using Fabric.Wire.Xmpp;

namespace Fabric.Agent.Core.Tests.Xmpp;

public sealed class ControllerSessionTests
{
    private const string Features =
        "<stream:features><starttls xmlns=\"urn:ietf:params:xml:ns:xmpp-tls\"><required/></starttls></stream:features>";
    private const string Proceed = "<proceed xmlns=\"urn:ietf:params:xml:ns:xmpp-tls\"/>";

    [Test]
    public void The_agent_opens_the_stream_and_sends_a_keepalive_at_once_when_answered()
    {
        var controller = new ControllerConnection().Connect();
        Assert.That(controller.TakeSent(), Does.StartWith("<?xml version=\"1.0\"?><stream:stream from=\"host7.example.net\""));

        controller.Say(ControllerConnection.Open);

        Assert.That(controller.TakeSent(), Is.EqualTo("\u0200"));
        Assert.That(controller.Lines, Is.EqualTo(new[] { "connect", "established" }));
        Assert.That(controller.Timers.Keys, Is.EquivalentTo(new[] { ControllerSessionTimer.Hold, ControllerSessionTimer.KeepAlive }));
    }

    [Test]
    public void Retries_double_from_one_second_to_thirty_with_a_jitter_of_ten_percent()
    {
        var controller = new ControllerConnection();
        controller.Session.Start();
        foreach (var expected in new[] { 1, 2, 4, 8, 16, 30, 30 })
        {
            controller.Session.Closed("refused");
            Assert.That(controller.Timers[ControllerSessionTimer.Retry].TotalSeconds, Is.EqualTo(expected).Within(10).Percent);
            controller.Session.TimerExpired(ControllerSessionTimer.Retry);
        }

        controller.Session.Connected();
        controller.Say(ControllerConnection.Open);
        controller.Session.Closed("cut");
        Assert.That(
            controller.Timers[ControllerSessionTimer.Retry].TotalSeconds,
            Is.EqualTo(1).Within(10).Percent,
            "a success starts over"
        );
    }

    [Test]
    public void Starttls_comes_between_two_opens()
    {
        var controller = new ControllerConnection(useTls: true, "control1").Connect();
        controller.TakeSent();

        controller.Say(ControllerConnection.Open + Features);
        Assert.That(controller.TakeSent(), Is.EqualTo("<starttls xmlns=\"urn:ietf:params:xml:ns:xmpp-tls\"/>"));

        controller.Say(Proceed);
        Assert.That(controller.Lines, Is.EqualTo(new[] { "connect", "start tls" }));

        controller.Session.Secured(["control1"]);
        Assert.That(controller.TakeSent(), Does.Contain("<stream:stream from=\"host7.example.net\""));
        controller.Say(ControllerConnection.Open);
        Assert.That(controller.Session.IsEstablished, Is.True);
    }

    [Test]
    public void An_agent_with_tls_never_goes_on_in_plain_text()
    {
        var controller = new ControllerConnection(useTls: true).Connect().Say(ControllerConnection.Open);
        Assert.That(controller.Session.IsEstablished, Is.False);

        controller.Session.TimerExpired(ControllerSessionTimer.Open);

        Assert.That(controller.Lines, Does.Contain("down the control node offered no TLS in time"));
    }

    [Test]
    public void A_control_node_with_another_certificate_is_refused()
    {
        var controller = new ControllerConnection(useTls: true, "control1", "192.0.2.1").Connect();
        controller.Say(ControllerConnection.Open + Features).Say(Proceed);

        controller.Session.Secured(["host9", "192.0.2.19"]);

        Assert.That(
            controller.Lines,
            Does.Contain("down the control node's certificate is for host9, 192.0.2.19, not for control1 or 192.0.2.1")
        );
    }

    [TestCase("CONTROL1")]
    [TestCase("192.0.2.1")]
    public void One_name_of_the_control_nodes_certificate_is_enough(string name)
    {
        var controller = new ControllerConnection(useTls: true, "control1", "192.0.2.1").Connect();
        controller.Say(ControllerConnection.Open + Features).Say(Proceed);

        controller.Session.Secured(["other", name]);

        Assert.That(controller.Say(ControllerConnection.Open).Session.IsEstablished, Is.True);
    }

    [Test]
    public void An_agent_that_knows_no_name_of_a_control_node_takes_no_certificate()
    {
        var controller = new ControllerConnection(useTls: true).Connect();
        controller.Say(ControllerConnection.Open + Features).Say(Proceed);

        controller.Session.Secured(["control1"]);

        Assert.That(controller.Session.State, Is.EqualTo(ControllerSessionState.WaitRetry));
    }

    [Test]
    public void Plain_text_behind_proceed_is_refused()
    {
        var controller = new ControllerConnection(useTls: true).Connect();

        controller.Say(ControllerConnection.Open + Features).Say(Proceed + ControllerConnection.Open);

        Assert.That(controller.Lines, Does.Contain("down bytes behind proceed"));
    }

    [Test]
    public void An_agent_without_tls_says_so_when_the_control_node_asks_for_it() =>
        Assert.That(
            new ControllerConnection().Connect().Say(ControllerConnection.Open + Features).Lines,
            Does.Contain("down the control node asks for TLS, which is not configured here")
        );

    [Test]
    public void A_silent_control_node_is_left_and_tried_again()
    {
        var controller = new ControllerConnection().Establish();

        controller.Session.TimerExpired(ControllerSessionTimer.Hold);

        var reason = "hold time of 90 s over: nothing heard from the control node";
        Assert.That(controller.Lines, Is.EqualTo(new[] { $"close {reason}", $"down {reason}" }));
        Assert.That(controller.Timers.Keys, Is.EqualTo(new[] { ControllerSessionTimer.Retry }));
    }

    [Test]
    public void Routes_retracts_and_end_of_rib_are_told_in_order()
    {
        var controller = new ControllerConnection().Establish();
        var entry =
            "<entry><nlri><af>1</af><safi>1</safi><address>10.1.0.9/32</address></nlri><next-hops><next-hop><address>192.0.2.18</address>"
            + "<label>17</label></next-hop></next-hops></entry>";

        controller.SayMessage($"<items node=\"1/1/red\"><item id=\"10.1.0.9/32\">{entry}</item><item id=\"bad\"><entry/></item></items>");
        controller.SayMessage("<items node=\"1/1/red\"><retract id=\"10.1.0.9/32\"/></items>");
        controller.SayMessage("<items node=\"25/242/red\"></items>");
        controller.SayMessage("<items node=\"0/0/EndOfRib\"></items>");

        Assert.That(
            controller.Lines,
            Is.EqualTo(
                new[]
                {
                    "route red 10.1.0.9/32 label 17",
                    "skipped route bad in red: no nlri",
                    "retract red 10.1.0.9/32",
                    "skipped routes of family 25/242",
                    "end of rib",
                }
            )
        );
    }

    [Test]
    public void Configuration_comes_by_generation_and_ends_with_a_mark()
    {
        var controller = new ControllerConnection().Establish();
        var head = "<iq type=\"set\" from=\"x\" to=\"default-global-system-config:host7.example.net/config\">";

        controller.Say(
            head + "<config generation=\"4\"><update><node type=\"port\"/></update><delete><node/><node/></delete></config></iq>"
        );
        controller.Say(head + "<config generation=\"4\"><end-of-config/></config></iq>");

        Assert.That(controller.Lines, Is.EqualTo(new[] { "config 4: 1 updates, 2 deletes", "end of config 4" }));
    }

    [Test]
    public void A_route_goes_out_as_publish_and_collection()
    {
        var controller = new ControllerConnection().Establish();
        var item = new UnicastItem { Prefix = IpPrefix.Parse("10.1.0.5/32") };

        controller.Session.SubscribeVrf("red", 5);
        controller.Session.PublishRoute("red", item);
        controller.Session.WithdrawRoute("red", item);

        var sent = controller.TakeSent();
        Assert.That(sent, Does.Contain("id=\"subscribe1\"").And.Contain("<subscribe node=\"red\"><options><instance-id>5</instance-id>"));
        Assert.That(sent, Does.Contain("id=\"pubsub2\"").And.Contain("<publish node=\"1/1/red/10.1.0.5/32\"><item><entry>"));
        Assert.That(
            sent,
            Does.Contain("id=\"collection2\"").And.Contain("<collection node=\"red\"><associate node=\"1/1/red/10.1.0.5/32\"/>")
        );
        Assert.That(sent, Does.EndWith("<dissociate node=\"1/1/red/10.1.0.5/32\"/></collection></pubsub></iq>"));
    }

    [Test]
    public void Nothing_is_sent_while_no_session_is_established()
    {
        var controller = new ControllerConnection();

        controller.Session.SubscribeConfig();
        controller.Session.PublishRoute("red", new UnicastItem { Prefix = IpPrefix.Parse("10.1.0.5/32") });
        controller.Session.SendEndOfRib();

        Assert.That(controller.TakeSent(), Is.Empty);
    }

    [Test]
    public void A_stopped_session_does_not_come_back()
    {
        var controller = new ControllerConnection().Establish();

        controller.Session.Stop("the agent ends");
        controller.Session.TimerExpired(ControllerSessionTimer.Retry);

        Assert.That(controller.Lines, Is.EqualTo(new[] { "close the agent ends", "down the agent ends" }));
        Assert.That(controller.Timers, Is.Empty);
    }
}
