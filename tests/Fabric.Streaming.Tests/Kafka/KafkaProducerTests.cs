using System.Text;
using Fabric.Analytics;
using Fabric.Streaming.Journal;
using Fabric.Streaming.Kafka;
using Fabric.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fabric.Streaming.Tests.Kafka;

[TestFixture]
public sealed class KafkaProducerTests
{
    private readonly ManualTime _time = new();
    private TemporaryFolder _folder = null!;
    private TopicLane _lane = null!;
    private List<FakeBroker> _brokers = null!;
    private KafkaProducer _producer = null!;

    private FakeBroker Broker => _brokers[^1];

    [SetUp]
    public void Start()
    {
        _folder = new TemporaryFolder();
        _brokers = [];
        Open(new KafkaOptions { Servers = [], MaxInFlight = 4 });
    }

    [TearDown]
    public void Stop()
    {
        Close();
        _folder.Dispose();
    }

    [Test]
    public void Rows_are_sent_in_order_and_the_position_follows()
    {
        Write("a", "b", "c");
        Turn();
        Assert.That(Broker.Received, Is.EqualTo(new[] { "a", "b", "c" }));
        Assert.That(_lane.Snapshot(), Has.Property("AcknowledgedSequence").EqualTo(3).And.Property("Lag").EqualTo(0));
    }

    [Test]
    public void The_next_run_goes_on_behind_the_position()
    {
        Write("a", "b");
        Turn();
        _producer.Finish(TimeSpan.Zero);
        Close();
        Open(new KafkaOptions { Servers = [] });
        Write("c");
        Turn();
        Assert.That(Broker.Received, Is.EqualTo(new[] { "c" }));
    }

    [Test]
    public void A_broker_that_does_not_answer_gets_a_window_and_no_more()
    {
        Turn();
        Broker.IsPrompt = false;
        Write("a", "b", "c", "d", "e", "f");
        Turn();
        Assert.That((Broker.Received.Count, _producer.InFlight, _lane.Snapshot().Lag), Is.EqualTo((4, 4, 6UL)));
        Broker.Answer(1);
        Turn();
        Assert.That((Broker.Received.Count, _lane.Snapshot().AcknowledgedSequence), Is.EqualTo((5, 1UL)));
    }

    [Test]
    public void Ten_minutes_without_an_answer_lose_nothing()
    {
        Turn();
        Broker.IsPrompt = false;
        var rows = new List<string>();
        for (var second = 0; second < 600; second++)
        {
            rows.Add($"{second}");
            Write($"{second}");
            Turn();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(_producer.InFlight, Is.EqualTo(4));
        Broker.IsPrompt = true;
        Turn(times: 200);
        Assert.That(Broker.Received, Is.EqualTo(rows));
        Assert.That(_lane.Snapshot().Lag, Is.Zero);
    }

    [Test]
    public void A_failure_holds_the_topic_until_all_is_answered_and_then_all_behind_the_position_is_sent_again()
    {
        Turn();
        Broker.IsPrompt = false;
        Write("a", "b", "c", "d");
        Turn();
        Broker.AnswerAt(1, DeliveryState.Failed);
        Broker.AnswerAt(0, DeliveryState.Acknowledged);
        Broker.AnswerAt(1, DeliveryState.Acknowledged);
        Write("e");
        Turn();
        Assert.That((Broker.Received.Count, _lane.Snapshot().AcknowledgedSequence), Is.EqualTo((4, 1UL)), "c is still on its way");
        Broker.Answer(1);
        Broker.IsPrompt = true;
        Turn();
        Assert.That(Broker.Received, Has.Count.EqualTo(4), "a moment's rest");
        _time.Advance(TimeSpan.FromSeconds(1));
        Turn();
        Assert.That(Broker.Received.Skip(4), Is.EqualTo(new[] { "b", "c", "d", "e" }));
        Assert.That(_lane.Snapshot().Lag, Is.Zero);
    }

    [Test]
    public void A_row_that_is_refused_for_good_is_counted_and_passed_over()
    {
        Turn();
        Broker.IsPrompt = false;
        Write("a", "b");
        Turn();
        Broker.Answer(1, DeliveryState.Refused);
        Broker.Answer(1);
        Assert.That((_lane.Snapshot().Refused, _lane.Snapshot().AcknowledgedSequence), Is.EqualTo((1L, 2UL)));
    }

    [Test]
    public void A_full_queue_is_no_failure()
    {
        Close();
        Open(new KafkaOptions { Servers = [] }, capacity: 2);
        Turn();
        Write("a", "b", "c", "d", "e");
        Turn(times: 3);
        Assert.That(Broker.Received, Is.EqualTo(new[] { "a", "b", "c", "d", "e" }));
    }

    [Test]
    public void After_a_fault_of_the_client_a_new_one_goes_on_from_the_position()
    {
        Turn();
        Broker.IsPrompt = false;
        Write("a", "b", "c");
        Turn();
        Broker.Answer(1);
        Broker.Fault = "fenced";
        Turn();
        Assert.That((Broker.IsDisposed, _producer.InFlight), Is.EqualTo((true, 0)));
        Turn();
        Assert.That(_brokers, Has.Count.EqualTo(1), "a second's rest");
        _time.Advance(TimeSpan.FromSeconds(1));
        Turn();
        Assert.That(Broker.Received, Is.EqualTo(new[] { "b", "c" }));
        // An answer that comes late belongs to nobody.
        _brokers[0].Answer(2);
        Assert.That(_lane.Snapshot().AcknowledgedSequence, Is.EqualTo(3));
    }

    [Test]
    public void The_last_row_of_a_key_is_followed_by_a_tombstone()
    {
        _lane.Journal.Append(0, "port//vm1"u8, "deleted"u8, RecordFlags.LastOfKey);
        _lane.Journal.Flush();
        Turn();
        Assert.That(Broker.Received, Is.EqualTo(new[] { "deleted", "port//vm1 gone" }));
        Assert.That(_lane.Snapshot().AcknowledgedSequence, Is.EqualTo(1));
    }

    [Test]
    public void A_replay_is_paced()
    {
        Close();
        Open(new KafkaOptions { Servers = [], MaxRate = 100 });
        Write([.. Enumerable.Range(0, 50).Select(number => $"{number}")]);
        Turn();
        Assert.That(Broker.Received, Has.Count.EqualTo(10), "a tenth of a second's worth at once");
        _time.Advance(TimeSpan.FromMilliseconds(50));
        Turn();
        Assert.That(Broker.Received, Has.Count.EqualTo(15));
    }

    private void Open(KafkaOptions options, int capacity = int.MaxValue)
    {
        var journal = TopicJournal.Open(_folder.Path, new JournalLimits(JournalLimits.MinBytes, TimeSpan.FromDays(1), false), 0);
        _lane = new TopicLane(Topic.Objects, journal, new AcknowledgedPosition(Path.Combine(_folder.Path, "acknowledged")));
        _producer = new KafkaProducer(
            options,
            [_lane],
            () =>
            {
                _brokers.Add(new FakeBroker { Capacity = capacity });
                return Broker;
            },
            _time,
            new KafkaLog(NullLogger.Instance, _time)
        );
        _time.Advance(TimeSpan.FromSeconds(1));
    }

    private void Close()
    {
        _producer.Dispose();
        _lane.Dispose();
    }

    private void Write(params string[] rows)
    {
        foreach (var row in rows)
        {
            _lane.Journal.Append(0, "k"u8, Encoding.UTF8.GetBytes(row), RecordFlags.None);
        }

        _lane.Journal.Flush();
    }

    private void Turn(int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            _producer.Turn();
        }
    }
}
