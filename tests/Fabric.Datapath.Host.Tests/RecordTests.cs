using System.Runtime.InteropServices;
using Fabric.Model.Datapath;
using Fabric.Primitives;
using Fabric.Wire.Packets;
using Google.Protobuf;

namespace Fabric.Datapath.Host.Tests;

/// <summary>An agent that asked for it hears of sessions.</summary>
public sealed class RecordTests
{
    private const uint Machine = 0x0A01_000B;
    private const uint Neighbour = 0x0A01_000C;
    private static readonly TimeSpan _turn = TimeSpan.FromMilliseconds(200);

    private NodeFixture _fixture = null!;

    [SetUp]
    public void Start() => _fixture = new NodeFixture(flowTableSize: 32_768);

    [TearDown]
    public void Stop() => _fixture.Dispose();

    [Test]
    public void A_session_comes_with_its_names_and_the_time_of_the_wall_clock()
    {
        var agent = Connect(new RecordSettings { UpdateSeconds = 60 });
        Send(1);
        _fixture.Loop.Advance(_turn);

        var records = agent.Records.Single();
        var report = Reports(records).Single();
        Assert.That(
            (report.Event, report.Initiator, report.Responder, report.InitiatorPort, report.SentPackets),
            Is.EqualTo((FlowReportEvent.Start, Machine, Neighbour, (ushort)1, 1ul))
        );
        Assert.That(records.Names, Is.EqualTo([new NameEntry { Number = report.Rule, Name = "open/in" }]));
        var now = (_fixture.Loop.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMicroseconds;
        Assert.That((double)report.Started, Is.EqualTo(now).Within(_turn.TotalMicroseconds));
    }

    [Test]
    public void An_agent_that_did_not_ask_hears_of_none()
    {
        var agent = Connect(settings: null);
        Send(1);
        _fixture.Loop.Advance(_turn);
        Assert.That((agent.Records.Count, _fixture.Node.Records.IsOn), Is.EqualTo((0, false)));
    }

    [Test]
    public void Drops_come_each_second_in_one_sum()
    {
        var agent = Connect(new RecordSettings());
        for (var i = 0; i < 3; i++)
        {
            _fixture.Loop.Run(() => _fixture.Packets.Inputs[0].Dropped(1, DropReason.HoldQueueFull));
        }

        _fixture.Loop.Advance(TimeSpan.FromSeconds(5));
        Assert.That(
            agent.Records.SelectMany(r => r.Drops).Select(d => (d.Vif, d.Reason, d.Packets)),
            Is.EqualTo([(1u, "hold-queue-full", 3ul)])
        );
    }

    [Test]
    public void Sessions_go_on_being_recorded_while_no_agent_is_there_and_names_are_said_to_the_next()
    {
        var first = Connect(new RecordSettings());
        Send(1);
        _fixture.Loop.Advance(_turn);
        first.Close();
        Send(2);
        _fixture.Loop.Advance(_turn);

        var next = Connect(new RecordSettings());
        _fixture.Loop.Advance(_turn);
        Assert.That(next.Records.SelectMany(r => r.Names).Select(n => n.Name), Is.EqualTo(["open/in"]));
        Assert.That(next.Records.SelectMany(Reports).Select(r => r.InitiatorPort), Is.EqualTo([2]));
    }

    [Test]
    public void An_agent_that_does_not_read_keeps_its_connection_and_gets_the_rest_when_it_does()
    {
        const int Sessions = 10_000;
        var agent = Connect(new RecordSettings());
        agent.TakesBytes = false;
        for (var port = 1; port <= Sessions; port++)
        {
            Send((ushort)port);
        }

        _fixture.Loop.Advance(TimeSpan.FromSeconds(1));
        Assert.That(agent.PendingBytes, Is.InRange(1 << 19, 1 << 20));
        Assert.That(agent.IsClosed, Is.False);

        while (_fixture.Node.Records.Reports.Count > 0)
        {
            _fixture.Loop.Run(agent.Drain);
        }

        Assert.That(agent.Records.SelectMany(Reports).Select(r => (int)r.InitiatorPort), Is.EqualTo(Enumerable.Range(1, Sessions)));
    }

    [Test]
    public void Reports_that_found_no_room_are_counted()
    {
        var agent = Connect(new RecordSettings { UpdateSeconds = 0 });
        agent.Close();
        for (var round = 0; round < 3; round++)
        {
            for (var port = 1; port <= 15_000; port++)
            {
                Send((ushort)port);
            }

            // Idle for so long that all of them end.
            _fixture.Loop.Advance(TimeSpan.FromSeconds(200));
        }

        Assert.That(
            (_fixture.Node.Records.Reports.Count, _fixture.Node.Records.Reports.Lost),
            Is.EqualTo((FlowRecorder.Capacity, 90_000 - 65_536))
        );
        var next = Connect(new RecordSettings());
        _fixture.Loop.Advance(_turn);
        Assert.That(next.Records[^1].FlowsLost, Is.EqualTo(90_000 - 65_536));
    }

    private static FlowReport[] Reports(Records records) => MemoryMarshal.Cast<byte, FlowReport>(records.Flows.Span).ToArray();

    private InMemoryAgent Connect(RecordSettings? settings)
    {
        var agent = _fixture.Connect();
        var snapshot = Snapshot();
        snapshot.Records = settings;
        _fixture.Loop.Run(() => agent.Give(snapshot));
        Assert.That(agent.Answers.Single().Error, Is.Empty);
        return agent;
    }

    private void Send(ushort port)
    {
        var storage = new byte[PacketBuffer.MinimumHeadroom + EthernetHeader.Size + Ipv4Header.Size + UdpHeader.Size];
        var frame = storage.AsSpan(PacketBuffer.MinimumHeadroom);
        EthernetHeader.Write(frame, MacAddress.VirtualRouter, new MacAddress(0x0200_0000_0001), EtherType.Ipv4);
        var packet = frame[EthernetHeader.Size..];
        Ipv4Header.Write(packet, packet.Length, 0, Ipv4Header.DontFragment, 64, IpProtocol.Udp, Machine, Neighbour);
        UdpHeader.Write(packet[Ipv4Header.Size..], port, 53, Machine, Neighbour);
        _fixture.Loop.Run(() =>
        {
            var buffer = new PacketBuffer(storage, PacketBuffer.MinimumHeadroom, storage.Length - PacketBuffer.MinimumHeadroom);
            _fixture.Packets.Inputs[0].FromVif(1, ref buffer, PacketOffload.None);
        });
    }

    private static Batch Snapshot() =>
        new()
        {
            Generation = 1,
            BeginSnapshot = true,
            EndSnapshot = true,
            Host = new HostConfig { TunnelSource = 0xC000_0201, UnderlayMtu = 1500 },
            Vrfs =
            {
                new VrfEntry { Id = 1, Name = "red" },
            },
            AccessLists =
            {
                new AccessListEntry
                {
                    Id = 7,
                    Name = "open",
                    Rules = { Rule("in", Direction.Ingress), Rule("out", Direction.Egress) },
                },
            },
            Vifs = { Vif(1, Machine), Vif(2, Neighbour) },
            NextHops = { NextHop(1), NextHop(2) },
            Routes = { Route(Machine, 1), Route(Neighbour, 2) },
        };

    private static AccessRule Rule(string name, Direction direction) =>
        new()
        {
            Name = name,
            Direction = direction,
            PortMax = ushort.MaxValue,
        };

    private static VifEntry Vif(uint id, uint address) =>
        new()
        {
            Id = id,
            Device = $"tap{id}",
            Vrf = 1,
            Mac = ByteString.CopyFrom(2, 0, 0, 0, 0, (byte)id),
            Addresses = { address },
            NextHop = id,
            SecurityGroups = { 7 },
        };

    private static NextHopEntry NextHop(uint vif) =>
        new()
        {
            Id = vif,
            Interface = new InterfaceNextHop { Vif = vif },
        };

    private static RouteEntry Route(uint address, uint nextHop) =>
        new()
        {
            Vrf = 1,
            Prefix = address,
            Length = 32,
            NextHop = nextHop,
        };
}
