using System.Text;
using System.Text.Json.Nodes;
using Fabric.Analytics;
using Fabric.Primitives;
using Fabric.Streaming.Journal;
using Fabric.Testing;
using Google.Protobuf;

namespace Fabric.Streaming.Tests;

[TestFixture]
public sealed class StreamLoopTests
{
    private readonly ManualTime _time = new();
    private TemporaryFolder _folder = null!;
    private StreamFolder _streamFolder = null!;
    private StreamLoop _loop = null!;
    private List<TopicLane> _lanes = null!;

    [SetUp]
    public void Start()
    {
        _folder = new TemporaryFolder();
        Open();
    }

    [TearDown]
    public void Stop()
    {
        Close();
        _folder.Dispose();
    }

    [Test]
    public void A_row_gets_its_envelope_and_key()
    {
        _loop.TryAdd(new SessionEvent { Peer = "mx1", Reason = "hold timer expired" });
        _loop.Drain();
        var (key, row) = Rows(Topic.Sessions).Single();
        Assert.That(key, Is.EqualTo("cn1"));
        Assert.That(row["envelope"]!["node"]!.GetValue<string>(), Is.EqualTo("cn1"));
        Assert.That(row["envelope"]!["time"]!.GetValue<string>(), Is.EqualTo("2041-03-09T23:59:58Z"));
        Assert.That(row["envelope"]!["sequence"]!.GetValue<string>(), Is.EqualTo("1"));
        Assert.That(row["reason"]!.GetValue<string>(), Is.EqualTo("hold timer expired"));
    }

    [Test]
    public void Flow_rows_are_numbered_by_themselves()
    {
        _loop.TryAdd(new SessionEvent());
        _loop.Add([new FlowRow { Session = 8 }, new FlowRow { Session = 9 }]);
        _loop.Drain();
        Assert.That(Sequences(Topic.Flows), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(Rows(Topic.Flows).Select(row => row.Row["session"]!.GetValue<string>()), Is.EqualTo(new[] { "8", "9" }));
    }

    [Test]
    public void What_found_no_room_is_counted_and_shows_as_a_gap()
    {
        for (var i = 0; i < 10; i++)
        {
            Assert.That(_loop.TryAdd(new Alarm()), Is.EqualTo(i < 4));
        }

        _loop.Drain();
        _loop.TryAdd(new Alarm());
        _loop.Drain();
        // The gap lies where the loop learns of it: before the next row that it writes.
        Assert.That(Sequences(Topic.Alarms), Is.EqualTo(new[] { 7, 8, 9, 10, 11 }));
        Assert.That((Statistics(Topic.Alarms).Published, Statistics(Topic.Alarms).Dropped), Is.EqualTo((5, 6)));
    }

    [Test]
    public void Who_publishes_routes_sees_how_many_find_room()
    {
        Assert.That(_loop.RoomForRoutes, Is.EqualTo(2 * StreamLoop.RoutesOfBatch));
        _loop.Add(new RouteRow[StreamLoop.RoutesOfBatch + 1]);
        Assert.That(_loop.RoomForRoutes, Is.Zero);
        Assert.That(_loop.Add(new RouteRow[1]), Is.Zero);
        _loop.Drain();
        Assert.That(_loop.RoomForRoutes, Is.EqualTo(2 * StreamLoop.RoutesOfBatch));
        Assert.That((Statistics(Topic.Routes).Published, Statistics(Topic.Routes).Dropped), Is.EqualTo((StreamLoop.RoutesOfBatch + 1, 1)));
    }

    [Test]
    public void Routes_that_wait_take_no_room_from_other_rows()
    {
        _loop.Add(new RouteRow[StreamLoop.RoutesOfBatch * 3]);
        Assert.That(_loop.TryAdd(new Alarm()), Is.True);
    }

    [Test]
    public void Flow_rows_without_room_are_counted_too()
    {
        Assert.That(_loop.Add(new FlowRow[StreamLoop.FlowsOfBatch * 3]), Is.EqualTo(StreamLoop.FlowsOfBatch * 2));
        _loop.Drain();
        Assert.That(Statistics(Topic.Flows).Dropped, Is.EqualTo(StreamLoop.FlowsOfBatch));
        Assert.That(_loop.Add(new FlowRow[StreamLoop.FlowsOfBatch * 2]), Is.EqualTo(StreamLoop.FlowsOfBatch * 2), "batches are used again");
    }

    [Test]
    public void A_new_run_has_a_higher_epoch_and_goes_on_with_the_sequence()
    {
        _loop.TryAdd(new Alarm());
        Close();
        Open();
        _loop.TryAdd(new Alarm());
        _loop.Drain();
        var epochs = Rows(Topic.Alarms).Select(row => ulong.Parse(row.Row["envelope"]!["epoch"]!.GetValue<string>())).ToList();
        Assert.That(epochs[1], Is.GreaterThan(epochs[0]), "although the clock stood still");
        Assert.That(Sequences(Topic.Alarms), Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public void Sequences_that_the_broker_has_are_not_given_again_when_the_disk_lost_them()
    {
        Close();
        var position = new AcknowledgedPosition(Path.Combine(_folder.Path, "alarms", "acknowledged")) { Sequence = 99 };
        position.Save();
        Open();
        _loop.TryAdd(new Alarm());
        _loop.Drain();
        Assert.That(Sequences(Topic.Alarms), Is.EqualTo(new[] { 100 }));
    }

    [Test]
    public void The_deletion_of_an_object_is_marked_as_the_last_row_of_its_key()
    {
        _loop.TryAdd(
            new ObjectState
            {
                Kind = "port",
                Name = "vm1",
                Deleted = true,
            }
        );
        _loop.Drain();
        using var reader = new JournalReader(_lanes[Topic.Objects.Index].Journal, 1);
        reader.TryRead(out var row);
        Assert.That((Encoding.UTF8.GetString(row.Key), row.Flags), Is.EqualTo(("port//vm1", RecordFlags.LastOfKey)));
    }

    [Test]
    public void Protobuf_is_an_option()
    {
        Close();
        Open(isProtobuf: true);
        _loop.Add([new FlowRow { Initiator = new FlowRowEndpoint(IpAddress.Parse("10.1.0.10"), 1, "vm1", null) }]);
        _loop.Drain();
        using var reader = new JournalReader(_lanes[Topic.Flows.Index].Journal, 1);
        reader.TryRead(out var row);
        Assert.That(row.Flags, Is.EqualTo(RecordFlags.Protobuf));
        Assert.That(FlowRecord.Parser.ParseFrom(row.Payload).Initiator.Machine, Is.EqualTo("vm1"));
    }

    [Test]
    public void A_route_reads_alike_in_either_format()
    {
        _loop.Add([
            new RouteRow
            {
                Prefix = IpPrefix.Parse("10.1.0.0/24"),
                Peer = "gw1",
                Label = 16,
            },
        ]);
        _loop.Drain();
        var json = JsonParser.Default.Parse<RouteEvent>(Rows(Topic.Routes).Single().Row.ToJsonString());
        Close();
        Open(isProtobuf: true);
        _loop.Add([
            new RouteRow
            {
                Prefix = IpPrefix.Parse("10.1.0.0/24"),
                Peer = "gw1",
                Label = 16,
            },
        ]);
        _loop.Drain();
        using var reader = new JournalReader(_lanes[Topic.Routes.Index].Journal, 2);
        reader.TryRead(out var row);
        var message = RouteEvent.Parser.ParseFrom(row.Payload);
        Assert.That(message.Envelope.Sequence, Is.EqualTo(2));
        message.Envelope = json.Envelope;
        Assert.That(message, Is.EqualTo(json));
    }

    [Test]
    public void A_second_process_does_not_get_the_folder() =>
        Assert.That(() => new StreamFolder(Options(false)), Throws.InstanceOf<IOException>());

    [Test]
    public void Flow_rows_are_written_without_an_allocation_for_each()
    {
        var rows = new FlowRow[500];
        Array.Fill(rows, new FlowRow { Session = 1, Initiator = new FlowRowEndpoint(IpAddress.Parse("10.1.0.10"), 1, "vm1", "red") });
        Assert.That(AllocatedByEach(rows.Length, () => _loop.Add(rows)), Is.LessThan(1), "bytes a row");
    }

    [Test]
    public void Rows_of_routes_are_written_without_an_allocation_for_each()
    {
        var rows = new RouteRow[StreamLoop.RoutesOfBatch];
        Array.Fill(rows, new RouteRow { Prefix = IpPrefix.Parse("10.1.0.0/24"), RouteDistinguisher = RouteDistinguisher.Parse("64512:1") });
        Assert.That(AllocatedByEach(rows.Length, () => _loop.Add(rows)), Is.LessThan(1), "bytes a row");
    }

    private double AllocatedByEach(int rows, Action add)
    {
        const int Rounds = 20;
        AddAndDrain(1);
        // A collection empties the array pool, which costs one round a buffer.
        return Enumerable.Range(0, 3).Min(_ => AddAndDrain(Rounds)) / ((double)Rounds * rows);

        long AddAndDrain(int times)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < times; i++)
            {
                add();
                _loop.Drain();
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private StreamOptions Options(bool isProtobuf) =>
        new()
        {
            Node = "cn1",
            Kind = SourceKind.ControlNode,
            Folder = _folder.Path,
            IsProtobuf = isProtobuf,
            MailboxCapacity = 4,
            FlowCapacity = StreamLoop.FlowsOfBatch * 2,
            RouteCapacity = StreamLoop.RoutesOfBatch * 2,
            Kafka = new Fabric.Streaming.Kafka.KafkaOptions { Servers = [] },
        };

    private void Open(bool isProtobuf = false)
    {
        var options = Options(isProtobuf);
        _streamFolder = new StreamFolder(options);
        var now = StreamClock.Microseconds(_time);
        var epoch = _streamFolder.BeginEpoch(now);
        _lanes = Topic.All.Select(topic => _streamFolder.Open(topic, now)).ToList();
        _loop = new StreamLoop(options, _time, epoch, _lanes, _lanes, (_, exception) => throw exception);
    }

    private void Close()
    {
        _loop.Dispose();
        _streamFolder.Dispose();
    }

    private TopicStatistics Statistics(Topic topic) => _lanes[topic.Index].Snapshot();

    private IEnumerable<int> Sequences(Topic topic) =>
        Rows(topic).Select(row => int.Parse(row.Row["envelope"]!["sequence"]!.GetValue<string>()));

    private List<(string Key, JsonNode Row)> Rows(Topic topic)
    {
        var rows = new List<(string, JsonNode)>();
        using var reader = new JournalReader(_lanes[topic.Index].Journal, 1);
        while (reader.TryRead(out var row))
        {
            rows.Add((Encoding.UTF8.GetString(row.Key), JsonNode.Parse(row.Payload)!));
        }

        return rows;
    }
}
