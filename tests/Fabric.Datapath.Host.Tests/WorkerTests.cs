using Fabric.Model.Datapath;

namespace Fabric.Datapath.Host.Tests;

/// <summary>Several workers of a node take each batch, behind the first.</summary>
public sealed class WorkerTests
{
    private NodeFixture _fixture = null!;
    private InMemoryAgent _agent = null!;

    [SetUp]
    public void Start()
    {
        _fixture = new NodeFixture(flowTableSize: 256, workers: 3);
        _agent = _fixture.Connect();
    }

    [TearDown]
    public void Stop() => _fixture.Dispose();

    // Else packets of established flows that come up after a restart would be dropped.
    [Test]
    public void Another_worker_takes_packets_when_it_has_its_first_whole_tables()
    {
        var half = Tables(generation: 1);
        half.EndSnapshot = false;
        Give(half);
        RunOthers();
        Assert.That(_fixture.Packets.Inputs.Keys, Is.EqualTo([0]));

        Give(new Batch { Generation = 2, EndSnapshot = true });
        _fixture.Others[1].RunPosted();
        Assert.That(_fixture.Packets.Inputs.Keys, Is.EqualTo([0, 2]));
        RunOthers();
        Assert.That(_fixture.Packets.Inputs.Keys, Is.EquivalentTo([0, 1, 2]));
    }

    [Test]
    public void A_batch_is_answered_when_all_workers_have_it()
    {
        Give(Tables(generation: 7));
        Assert.That((_agent.Answers.Count, _fixture.Node.Tables.Generation), Is.EqualTo((0, 7ul)));

        _fixture.Others[0].RunPosted();
        _fixture.Loop.RunPosted();
        Assert.That(_agent.Answers, Is.Empty);

        _fixture.Others[1].RunPosted();
        _fixture.Loop.RunPosted();
        Assert.That(_agent.Answers, Is.EqualTo([new Applied { Generation = 7 }]));
        Assert.That(Enumerable.Range(0, 3).Select(worker => _fixture.Node.TablesOf(worker).Vrf(1)?.Name), Is.All.EqualTo("red"));
    }

    [Test]
    public void Answers_come_in_the_order_of_the_batches_with_what_is_wrong_with_each()
    {
        Give(Tables(generation: 1));
        var faulty = new Batch { Generation = 2, Routes = { new RouteEntry { Vrf = 99 } } };
        Give(faulty);
        RunOthers();

        Assert.That(_agent.Answers.Select(static answer => answer.Generation), Is.EqualTo([1, 2]));
        Assert.That(_agent.Answers.Select(static answer => answer.Error.Length > 0), Is.EqualTo([false, true]));
    }

    [Test]
    public void An_agent_that_gives_more_than_a_stuck_worker_can_hold_is_closed()
    {
        for (ulong generation = 1; generation <= 65 && !_agent.IsClosed; generation++)
        {
            Give(Tables(generation));
        }

        Assert.That((_agent.IsClosed, _fixture.Node.Tables.Generation), Is.EqualTo((true, 64ul)));
        RunOthers();
        Assert.That(_agent.Answers, Is.Empty, "it has gone");
        _agent = _fixture.Connect();
        Give(Tables(generation: 70));
        RunOthers();
        Assert.That(_agent.Answers, Is.EqualTo([new Applied { Generation = 70 }]));
    }

    [Test]
    public void The_heart_beats_as_the_worker_that_has_not_run_for_the_longest()
    {
        Give(new Batch { Generation = 1, Heartbeats = true });
        RunOthers();
        Advance(_fixture.Loop, seconds: 1);
        var begin = _fixture.Memory.Host.Heartbeat;
        Advance(_fixture.Loop, seconds: 3);
        Advance(_fixture.Others[0], seconds: 5);
        Assert.That(_fixture.Memory.Host.Heartbeat, Is.EqualTo(begin), "a worker does not run");
        var shown = _agent.Heartbeats.Count;
        Advance(_fixture.Loop, seconds: 3);
        Assert.That(_agent.Heartbeats, Has.Count.EqualTo(shown), "and the agent hears so by hearing nothing");

        Advance(_fixture.Others[1], seconds: 2);
        Advance(_fixture.Loop, seconds: 1);
        Assert.That((_fixture.Memory.Host.Heartbeat - begin) / 1e9, Is.EqualTo(2).Within(0.1));
        Assert.That(_agent.Heartbeats, Has.Count.EqualTo(shown + 1));
    }

    private static Batch Tables(ulong generation) =>
        new()
        {
            Generation = generation,
            BeginSnapshot = true,
            EndSnapshot = true,
            Vrfs =
            {
                new VrfEntry { Id = 1, Name = "red" },
            },
        };

    private static void Advance(Testing.ManualLoop loop, double seconds)
    {
        loop.RunPosted();
        loop.Advance(TimeSpan.FromSeconds(seconds));
    }

    private void Give(Batch batch) => _fixture.Loop.Run(() => _agent.Give(batch));

    private void RunOthers()
    {
        foreach (var loop in _fixture.Others)
        {
            loop.RunPosted();
        }

        _fixture.Loop.RunPosted();
    }
}
