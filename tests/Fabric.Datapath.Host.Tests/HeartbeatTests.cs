using System.Net;
using Fabric.Datapath.Host.Node;
using Fabric.Datapath.Shared;
using Fabric.Model.Datapath;
using Fabric.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fabric.Datapath.Host.Tests;

/// <summary>The worker loop shows its agent that it runs.</summary>
public sealed class HeartbeatTests
{
    private const ulong NanosecondsOfSecond = 1_000_000_000;

    private readonly ManualLoop _loop = new();
    private readonly InMemoryTransport _transport = new();
    private readonly RecordingPacketIo _packets = new();
    private SharedMemory _memory = null!;
    private DatapathNode _node = null!;

    [SetUp]
    public void Start()
    {
        _memory = SharedMemory.Allocate(new SharedSizes(512), seed: 0);
        _node = new DatapathNode(
            _loop,
            _transport,
            new IPEndPoint(IPAddress.Loopback, 1),
            _packets,
            DatapathNodeOptions.Default with
            {
                FlowTableSize = 256,
            },
            NullLogger.Instance,
            _memory
        );
        _loop.Run(_node.Start);
    }

    [TearDown]
    public void Stop()
    {
        _node.Dispose();
        _packets.Dispose();
        _transport.Dispose();
        _memory.Dispose();
    }

    [Test]
    public void An_agent_that_asked_for_it_hears_the_heart_each_second_as_the_shared_memory_has_it()
    {
        var agent = _transport.Connect();
        _loop.Run(() => agent.Give(new Batch { Generation = 1, Heartbeats = true }));

        _loop.Advance(TimeSpan.FromSeconds(10));

        Assert.That(agent.Heartbeats, Has.Count.EqualTo(10));
        Assert.That(_memory.Host.Heartbeat - agent.Heartbeats[^1].Nanoseconds, Is.LessThan(NanosecondsOfSecond));
    }

    [Test]
    public void An_agent_that_did_not_ask_hears_only_answers()
    {
        var agent = _transport.Connect();
        _loop.Run(() => agent.Give(new Batch { Generation = 1 }));

        _loop.Advance(TimeSpan.FromSeconds(10));

        Assert.That((agent.Heartbeats.Count, agent.Answers.Count), Is.EqualTo((0, 1)));
    }

    [Test]
    public void An_agent_that_does_not_read_is_given_no_more_heartbeats()
    {
        var agent = _transport.Connect();
        _loop.Run(() => agent.Give(new Batch { Generation = 1, Heartbeats = true }));
        agent.PendingBytes = 10;

        _loop.Advance(TimeSpan.FromSeconds(10));

        Assert.That(agent.Heartbeats, Is.Empty);
    }
}
