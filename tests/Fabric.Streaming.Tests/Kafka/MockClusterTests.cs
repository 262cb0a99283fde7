using System.Text.Json.Nodes;
using Fabric.Analytics;
using Fabric.Broker;
using Fabric.Primitives;
using Fabric.Streaming.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fabric.Streaming.Tests.Kafka;

/// <summary>The stream towards librdkafka's mock cluster, which speaks Kafka's protocol on TCP, read back by kcat.</summary>
[TestFixture]
public sealed class MockClusterTests
{
    private const int RequestTimedOut = 7;
    private const int NotEnoughReplicas = 19;
    private const int TopicAuthorizationFailed = 29;
    private const int MaxInFlight = 5_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private TemporaryFolder _folder = null!;
    private MockCluster _cluster = null!;
    private EventStream _stream = null!;

    [SetUp]
    public void Start()
    {
        _folder = new TemporaryFolder();
        _cluster = new MockCluster();
        _cluster.CreateTopic(Topic.Flows.Name, 2);
        _cluster.CreateTopic(Topic.Objects.Name, 2);
        Open();
    }

    [TearDown]
    public void Stop()
    {
        _stream.Dispose();
        _cluster.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void Rows_reach_a_consumer_with_their_key_in_their_order()
    {
        Publish(1_000);
        AwaitAcknowledged(1_000);
        var messages = Consumer.ReadAll(_cluster.Bootstraps, Topic.Flows.Name);
        Assert.That(messages, Has.All.StartsWith("host1 {"));
        Assert.That(Sequences(messages), Is.EqualTo(Enumerable.Range(1, 1_000)));
    }

    [Test]
    public void An_object_that_is_deleted_leaves_a_tombstone()
    {
        _stream.TryPublish(new ObjectState { Kind = "port", Name = "vm1" });
        _stream.TryPublish(
            new ObjectState
            {
                Kind = "port",
                Name = "vm1",
                Deleted = true,
            }
        );
        Await(() => Statistics(Topic.Objects).AcknowledgedSequence == 2);
        var messages = Consumer.ReadAll(_cluster.Bootstraps, Topic.Objects.Name);
        Assert.That(messages.Select(message => message.Contains('{')), Is.EqualTo(new[] { true, true, false }));
        Assert.That(messages, Has.All.StartsWith("port//vm1"));
    }

    [Test]
    public void What_happens_while_the_broker_is_down_arrives_when_it_is_up()
    {
        Publish(100);
        AwaitAcknowledged(100);
        _cluster.SetDown();
        Publish(20_000);
        Await(() => Statistics(Topic.Flows).LastSequence == 20_100);
        Assert.That(Statistics(Topic.Flows).Lag, Is.GreaterThan(0));
        _cluster.SetUp();
        AwaitAcknowledged(20_100);
        AssertNothingIsMissing(20_100);
    }

    [Test]
    public void A_program_that_restarts_during_the_outage_loses_nothing_either()
    {
        _cluster.SetDown();
        Publish(3_000);
        _stream.Dispose();
        Open();
        Publish(3_000);
        _cluster.SetUp();
        AwaitAcknowledged(6_000);
        AssertNothingIsMissing(6_000);
    }

    [TestCase(RequestTimedOut)]
    [TestCase(NotEnoughReplicas)]
    [TestCase(TopicAuthorizationFailed)]
    public void A_broker_that_answers_errors_gets_everything_in_the_end(int code)
    {
        if (code == RequestTimedOut)
        {
            // The mock takes requests behind one that it has failed, which a broker refuses as out of sequence: from such an answer librdkafka
            // concludes that the one which "timed out" was kept after all.
            _stream.Dispose();
            Open(("max.in.flight.requests.per.connection", "1"));
        }

        Publish(100);
        AwaitAcknowledged(100);
        _cluster.FailProduce(5, code);
        Publish(5_000);
        AwaitAcknowledged(5_100);
        AssertNothingIsMissing(5_100);
    }

    [Test]
    public void A_slow_broker_costs_time_only()
    {
        _cluster.SetRoundTrip(400);
        Publish(10_000);
        Assert.That(Statistics(Topic.Flows).Dropped, Is.Zero);
        AwaitAcknowledged(10_000);
        AssertNothingIsMissing(10_000);
    }

    [Test]
    public void An_outage_takes_disk_and_no_memory()
    {
        Publish(1_000);
        AwaitAcknowledged(1_000);
        _cluster.SetDown();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Publish(200_000);
        Await(() => Statistics(Topic.Flows).LastSequence == 201_000);
        Assert.That(Statistics(Topic.Flows).JournalBytes, Is.GreaterThan(60_000_000));
        Assert.That(GC.GetTotalMemory(forceFullCollection: true) - before, Is.LessThan(40_000_000));
        _cluster.SetUp();
        AwaitAcknowledged(201_000);
        Assert.That(Statistics(Topic.Flows), Has.Property("Dropped").EqualTo(0).And.Property("ExpiredUnsent").EqualTo(0));
    }

    private void Open(params (string Name, string Value)[] settings) =>
        _stream = EventStream.Start(
            new StreamOptions
            {
                Node = "host1",
                Kind = SourceKind.HostAgent,
                Folder = _folder.Path,
                Kafka = new KafkaOptions
                {
                    Servers = [_cluster.Bootstraps],
                    MaxInFlight = MaxInFlight,
                    Settings = settings.ToDictionary(one => one.Name, one => one.Value),
                },
            },
            TimeProvider.System,
            NullLogger.Instance
        );

    /// <summary>As a source that knows when to wait, so that no row is dropped on its way to the journal.</summary>
    private void Publish(int count)
    {
        var row = new FlowRow
        {
            Initiator = new FlowRowEndpoint(IpAddress.Parse("10.1.0.10"), 40000, "vm1", "default-domain:acme:red"),
            Responder = new FlowRowEndpoint(IpAddress.Parse("10.1.0.11"), 443, "vm2", "default-domain:acme:red"),
        };
        var rows = new FlowRow[Math.Min(count, 500)];
        Array.Fill(rows, row);
        var before = Statistics(Topic.Flows).LastSequence;
        for (var published = 0; published < count; published += rows.Length)
        {
            Assert.That(_stream.Publish(rows), Is.EqualTo(rows.Length));
            if (published % 20_000 == 0)
            {
                Await(() => Statistics(Topic.Flows).LastSequence >= before + (ulong)published);
            }
        }
    }

    private void AssertNothingIsMissing(int count)
    {
        var sequences = Sequences(Consumer.ReadAll(_cluster.Bootstraps, Topic.Flows.Name));
        Assert.That(sequences.Distinct().Order(), Is.EqualTo(Enumerable.Range(1, count)));
        Assert.That(Statistics(Topic.Flows).Dropped, Is.Zero);
    }

    private static List<int> Sequences(string[] messages) =>
        [
            .. messages.Select(message =>
                int.Parse(JsonNode.Parse(message[message.IndexOf('{')..])!["envelope"]!["sequence"]!.GetValue<string>())
            ),
        ];

    private void AwaitAcknowledged(ulong sequence) => Await(() => Statistics(Topic.Flows).AcknowledgedSequence >= sequence);

    private TopicStatistics Statistics(Topic topic) => _stream.Statistics()[topic.Index];

    private void Await(Func<bool> condition)
    {
        if (!SpinWait.SpinUntil(condition, Patience))
        {
            Assert.Fail($"not within {Patience.TotalSeconds} s: {string.Join("; ", _stream.Statistics())}");
        }
    }
}
