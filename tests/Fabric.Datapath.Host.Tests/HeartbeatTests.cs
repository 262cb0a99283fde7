using Fabric.Model.Datapath;

namespace Fabric.Datapath.Host.Tests;

/// <summary>The worker loop shows its agent that it runs.</summary>
public sealed class HeartbeatTests
{
    private const ulong NanosecondsOfSecond = 1_000_000_000;

    private NodeFixture _fixture = null!;

    [SetUp]
    public void Start() => _fixture = new NodeFixture(flowTableSize: 256);

    [TearDown]
    public void Stop() => _fixture.Dispose();

    [Test]
    public void An_agent_that_asked_for_it_hears_the_heart_each_second_as_the_shared_memory_has_it()
    {
        var agent = _fixture.Connect();
        _fixture.Loop.Run(() => agent.Give(new Batch { Generation = 1, Heartbeats = true }));

        _fixture.Loop.Advance(TimeSpan.FromSeconds(10));

        Assert.That(agent.Heartbeats, Has.Count.EqualTo(10));
        Assert.That(_fixture.Memory.Host.Heartbeat - agent.Heartbeats[^1].Nanoseconds, Is.LessThan(NanosecondsOfSecond));
    }

    [Test]
    public void An_agent_that_did_not_ask_hears_only_answers()
    {
        var agent = _fixture.Connect();
        _fixture.Loop.Run(() => agent.Give(new Batch { Generation = 1 }));

        _fixture.Loop.Advance(TimeSpan.FromSeconds(10));

        Assert.That((agent.Heartbeats.Count, agent.Answers.Count), Is.EqualTo((0, 1)));
    }

    [Test]
    public void An_agent_that_does_not_read_is_given_no_more_heartbeats()
    {
        var agent = _fixture.Connect();
        _fixture.Loop.Run(() => agent.Give(new Batch { Generation = 1, Heartbeats = true }));
        agent.PendingBytes = 10;

        _fixture.Loop.Advance(TimeSpan.FromSeconds(10));

        Assert.That(agent.Heartbeats, Is.Empty);
    }
}
