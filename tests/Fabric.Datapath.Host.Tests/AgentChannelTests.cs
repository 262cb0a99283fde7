using Fabric.Datapath.Host.PacketIo;
using Fabric.Model.Datapath;
using Google.Protobuf;

namespace Fabric.Datapath.Host.Tests;

public sealed class AgentChannelTests
{
    private NodeFixture _fixture = null!;

    [SetUp]
    public void Start() => _fixture = new NodeFixture(flowTableSize: 256);

    [TearDown]
    public void Stop() => _fixture.Dispose();

    [Test]
    public void A_batch_is_answered_with_its_generation()
    {
        var agent = _fixture.Connect();

        agent.Give(Snapshot(generation: 7));

        Assert.That(agent.Answers, Is.EqualTo([new Applied { Generation = 7 }]));
    }

    [Test]
    public void Batches_come_whole_however_the_bytes_are_cut()
    {
        var agent = _fixture.Connect();
        byte[] bytes =
        [
            .. InMemoryAgent.Frame(new Envelope { Batch = Snapshot(generation: 1) }),
            .. InMemoryAgent.Frame(new Envelope { Batch = new Batch { Generation = 2 } }),
        ];

        foreach (var octet in bytes)
        {
            agent.Give(octet);
        }

        Assert.That(agent.Answers.Select(static answer => answer.Generation), Is.EqualTo([1, 2]));
    }

    [Test]
    public void Two_batches_in_one_piece_are_both_taken()
    {
        var agent = _fixture.Connect();

        agent.Give([
            .. InMemoryAgent.Frame(new Envelope { Batch = Snapshot(generation: 1) }),
            .. InMemoryAgent.Frame(new Envelope { Batch = new Batch { Generation = 2 } }),
        ]);

        Assert.That(agent.Answers.Select(static answer => answer.Generation), Is.EqualTo([1, 2]));
    }

    [Test]
    public void An_entry_that_cannot_be_taken_is_named_in_the_answer()
    {
        var agent = _fixture.Connect();
        var batch = Snapshot(generation: 3);
        batch.Vifs.Add(
            new VifEntry
            {
                Id = 5,
                Device = "tap5",
                Mac = ByteString.CopyFrom(1, 2, 3),
            }
        );

        agent.Give(batch);

        Assert.That(agent.Answers.Single().Error, Does.Contain("vif 5"));
    }

    [TestCase(new byte[] { 0, 0, 0, 0 }, TestName = "An_empty_envelope_closes_the_connection")]
    [TestCase(new byte[] { 1, 0, 0, 1 }, TestName = "An_envelope_above_16_MiB_closes_the_connection_before_it_is_kept")]
    [TestCase(new byte[] { 0, 0, 0, 2, 0xFF, 0xFF }, TestName = "Bytes_that_are_no_protocol_buffer_close_the_connection")]
    [TestCase(new byte[] { 0, 0, 0, 2, 0x12, 0x00 }, TestName = "An_answer_where_a_batch_is_expected_closes_the_connection")]
    public void Bad_input_closes(byte[] bytes)
    {
        var agent = _fixture.Connect();

        agent.Give(bytes);

        Assert.Multiple(() =>
        {
            Assert.That(agent.IsClosed, Is.True);
            Assert.That(agent.Answers, Is.Empty);
            Assert.That(_fixture.Node.IsAgentConnected, Is.False);
        });
    }

    [Test]
    public void An_agent_that_reads_no_answers_is_closed()
    {
        var agent = _fixture.Connect();
        agent.PendingBytes = 2 << 20;

        agent.Give(Snapshot(generation: 1));

        Assert.That(agent.IsClosed, Is.True);
    }

    [Test]
    public void A_new_agent_replaces_the_old_one()
    {
        var old = _fixture.Connect();

        var agent = _fixture.Connect();

        Assert.Multiple(() =>
        {
            Assert.That(old.IsClosed, Is.True);
            Assert.That(agent.IsClosed, Is.False);
            Assert.That(_fixture.Node.IsAgentConnected, Is.True);
        });
    }

    [Test]
    public void The_tables_outlive_the_agent()
    {
        var agent = _fixture.Connect();
        agent.Give(Snapshot(generation: 4));

        agent.Close();

        Assert.Multiple(() =>
        {
            Assert.That(_fixture.Node.IsAgentConnected, Is.False);
            Assert.That(_fixture.Node.Tables.Generation, Is.EqualTo(4));
            Assert.That(_fixture.Node.Tables.Vifs.Select(static vif => vif.Device), Is.EqualTo(["tap1"]));
        });
    }

    [Test]
    public void Ports_are_attached_when_the_first_snapshot_is_whole_and_follow_deltas()
    {
        var agent = _fixture.Connect();
        var first = Snapshot(generation: 1);
        first.EndSnapshot = false;

        agent.Give(first);
        var beforeEnd = _fixture.Packets.Settings.Count;
        agent.Give(new Batch { Generation = 2, EndSnapshot = true });
        agent.Give(new Batch { Generation = 3, VifsRemoved = { 1 } });

        Assert.Multiple(() =>
        {
            Assert.That(beforeEnd, Is.Zero);
            Assert.That(
                _fixture.Packets.Settings,
                Is.EqualTo([
                    new PacketIoSettings(0xC0000201, [new VifAttachment(1, "tap1", BeganAt: 1)], []),
                    new PacketIoSettings(0xC0000201, [], []),
                ])
            );
        });
    }

    private static Batch Snapshot(ulong generation) =>
        new()
        {
            Generation = generation,
            BeginSnapshot = true,
            EndSnapshot = true,
            Host = new HostConfig
            {
                TunnelSource = 0xC0000201,
                UnderlayMtu = 1500,
                HostName = "host1",
            },
            Vrfs =
            {
                new VrfEntry { Id = 1, Name = "red" },
            },
            Vifs =
            {
                new VifEntry
                {
                    Id = 1,
                    Device = "tap1",
                    Vrf = 1,
                    Mac = ByteString.CopyFrom(2, 0, 0, 0, 0, 1),
                    Addresses = { 0x0A010003 },
                    NextHop = 1,
                },
            },
        };
}
