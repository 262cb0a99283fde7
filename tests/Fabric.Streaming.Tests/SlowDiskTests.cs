using Fabric.Analytics;
using Fabric.Primitives;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fabric.Streaming.Tests;

/// <summary>A disk that takes its time to make rows safe from a crash of the machine: those that need not be are not behind it.</summary>
[TestFixture]
public sealed class SlowDiskTests
{
    private const int Rows = 10_000;

    // More rows in all than can wait.
    private const int Rounds = 10;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly ManualResetEventSlim _isAsked = new();
    private readonly ManualResetEventSlim _isDone = new();
    private TemporaryFolder _folder = null!;
    private EventStream _stream = null!;

    [SetUp]
    public void Start()
    {
        _folder = new TemporaryFolder();
        _isAsked.Reset();
        _isDone.Reset();
        _stream = EventStream.Start(
            new StreamOptions
            {
                Node = "host1",
                Kind = SourceKind.HostAgent,
                Folder = _folder.Path,
                ForceToDisk = _ =>
                {
                    _isAsked.Set();
                    _isDone.Wait();
                },
            },
            TimeProvider.System,
            NullLogger.Instance
        );
    }

    [TearDown]
    public void Stop()
    {
        _isDone.Set();
        _stream.Dispose();
        _folder.Dispose();
    }

    [OneTimeTearDown]
    public void Forget()
    {
        _isAsked.Dispose();
        _isDone.Dispose();
    }

    [Test]
    public void Flows_and_routes_are_written_while_an_alarm_waits_for_the_disk()
    {
        _stream.TryPublish(new Alarm { Name = "first" });
        Assert.That(_isAsked.Wait(s_patience), Is.True, "the alarm is forced to disk");

        for (var round = 1; round <= Rounds; round++)
        {
            Assert.That(_stream.Publish(new FlowRow[Rows]), Is.EqualTo(Rows));
            Assert.That(_stream.Publish([new RouteRow { Prefix = IpPrefix.Parse("10.1.0.0/24") }]), Is.EqualTo(1));
            Assert.That(() => Last(Topic.Flows), Is.EqualTo(round * Rows).After((int)s_patience.TotalMilliseconds, 5));
            Assert.That(() => Last(Topic.Routes), Is.EqualTo(round).After((int)s_patience.TotalMilliseconds, 5));
        }

        Assert.That(_stream.Statistics().Sum(topic => topic.Dropped), Is.Zero);
        Assert.That(Last(Topic.Alarms), Is.Zero, "a row that may be lost is not shown");
    }

    [Test]
    public void Who_publishes_does_not_wait_for_the_disk()
    {
        _stream.TryPublish(new Alarm { Name = "first" });
        Assert.That(_isAsked.Wait(s_patience), Is.True, "the alarm is forced to disk");

        Assert.That(_stream.TryPublish(new Alarm { Name = "second" }), Is.True);
        Assert.That(Last(Topic.Alarms), Is.Zero);
        _isDone.Set();

        Assert.That(() => Last(Topic.Alarms), Is.EqualTo(2).After((int)s_patience.TotalMilliseconds, 5));
    }

    private long Last(Topic topic) => (long)_stream.Statistics()[topic.Index].LastSequence;
}
