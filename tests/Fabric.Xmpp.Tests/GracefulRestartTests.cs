namespace Fabric.Xmpp.Tests;

public sealed class GracefulRestartTests
{
    private readonly Recorder _recorder = new();
    private AgentRegistry _registry = null!;

    [SetUp]
    public void SetUp()
    {
        _registry = new AgentRegistry(new XmppOptions(), _recorder);
        _recorder.Take();
    }

    [Test]
    public void An_agent_that_comes_back_keeps_what_it_asks_for_again_and_loses_the_rest_at_end_of_rib()
    {
        LoseAgentWith("red", "blue");

        var back = new AgentConnection(_registry).Open().Subscribe("red").Publish("red", "10.1.0.5/32").Associate("red", "10.1.0.5/32");
        Assert.That(
            _recorder.Take(),
            Is.EqualTo(
                new[] { $"established {AgentConnection.Name}", "restart timer 120", "subscribed red 5", "published red 10.1.0.5/32" }
            )
        );

        back.EndOfRib();
        Assert.That(_recorder.Take(), Is.EqualTo(new[] { "restart timer off", "unsubscribed blue", "sweep stale", "end of rib" }));
        Assert.That(back.Session.Agent!.Subscriptions.Select(s => s.Vrf), Is.EqualTo(new[] { "red" }));
    }

    [Test]
    public void An_agent_that_stays_away_is_removed_with_all_it_had()
    {
        var agent = LoseAgentWith("red");

        _registry.RestartTimerExpired(agent);

        Assert.That(_recorder.Take(), Is.EqualTo(new[] { "restart timer off", "unsubscribed red", "removed" }));
        Assert.That(_registry.Agents, Is.Empty);
    }

    [Test]
    public void An_agent_that_comes_back_and_never_says_end_of_rib_is_swept_when_the_time_is_over()
    {
        var agent = LoseAgentWith("red", "blue");
        new AgentConnection(_registry).Open().Subscribe("red");
        _recorder.Take();

        _registry.RestartTimerExpired(agent);

        Assert.That(_recorder.Take(), Is.EqualTo(new[] { "unsubscribed blue", "sweep stale" }));
        Assert.That(agent.IsEstablished, Is.True);
    }

    [Test]
    public void A_second_loss_before_end_of_rib_does_not_keep_old_stale_state_again()
    {
        LoseAgentWith("red", "blue");
        var back = new AgentConnection(_registry).Open().Subscribe("red");
        _recorder.Take();

        back.Session.Closed("cut");

        Assert.That(
            _recorder.Take(),
            Is.EqualTo(new[] { "down cut", "unsubscribed blue", "sweep stale", "mark stale", "restart timer 120" })
        );
    }

    [Test]
    public void Without_the_helper_a_loss_removes_all_at_once()
    {
        _registry = new AgentRegistry(new XmppOptions { RestartTime = TimeSpan.Zero }, _recorder);
        var agent = new AgentConnection(_registry).Open().Subscribe("red");
        _recorder.Take();

        agent.Session.Closed("cut");

        Assert.That(_recorder.Take(), Is.EqualTo(new[] { "down cut", "restart timer off", "unsubscribed red", "removed" }));
    }

    [Test]
    public void A_first_end_of_rib_sweeps_nothing()
    {
        new AgentConnection(_registry).Open().Subscribe("red").EndOfRib();

        Assert.That(_recorder.Take().Skip(1), Is.EqualTo(new[] { "subscribed red 5", "end of rib" }));
    }

    [Test]
    public void A_new_connection_of_the_same_name_and_address_takes_over_the_state()
    {
        var old = new AgentConnection(_registry).Open().Subscribe("red");
        _recorder.Take();

        var taker = new AgentConnection(_registry).Open();

        Assert.That(old.CloseReason, Does.Contain("taken over"));
        Assert.That(taker.CloseReason, Is.Null);
        Assert.That(
            _recorder.Take(),
            Is.EqualTo(
                new[]
                {
                    $"down {old.CloseReason}",
                    "mark stale",
                    "restart timer 120",
                    $"established {AgentConnection.Name}",
                    "restart timer 120",
                }
            )
        );
    }

    [Test]
    public void A_name_in_use_at_another_address_is_refused()
    {
        var agent = new AgentConnection(_registry).Open();

        var other = new AgentConnection(_registry, "192.0.2.18").Open();

        Assert.That(other.CloseReason, Does.Contain("in use by the agent at 192.0.2.17"));
        Assert.That(other.TakeSent(), Is.Empty);
        Assert.That(agent.CloseReason, Is.Null);
    }

    [Test]
    public void Without_the_helper_a_name_in_use_is_refused_at_the_same_address_too()
    {
        _registry = new AgentRegistry(new XmppOptions { RestartTime = TimeSpan.Zero }, _recorder);
        new AgentConnection(_registry).Open();

        Assert.That(new AgentConnection(_registry).Open().CloseReason, Does.Contain("in use"));
    }

    [Test]
    public void A_host_that_moved_to_another_address_while_away_begins_anew()
    {
        LoseAgentWith("red");

        new AgentConnection(_registry, "192.0.2.18").Open();

        Assert.That(
            _recorder.Take(),
            Is.EqualTo(new[] { "restart timer off", "unsubscribed red", "removed", $"established {AgentConnection.Name}" })
        );
    }

    private AgentPeer LoseAgentWith(params string[] vrfs)
    {
        var connection = new AgentConnection(_registry).Open();
        foreach (var vrf in vrfs)
        {
            connection.Subscribe(vrf);
        }

        var agent = connection.Session.Agent!;
        connection.Session.Closed("cut");
        _recorder.Take();
        return agent;
    }
}
