using System.Diagnostics;
using Fabric.Analytics;
using Fabric.Streaming.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fabric.Streaming.Tests;

[TestFixture]
public sealed class EventStreamTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void What_was_published_before_the_end_is_in_the_journal()
    {
        using (var stream = Start())
        {
            stream.Publish(new FlowRow[1000]);
            stream.TryPublish(new Alarm());
        }

        using var next = Start();
        Assert.That(next.Statistics().Select(topic => topic.LastSequence), Is.EqualTo(new ulong[] { 1000, 0, 0, 0, 0, 1, 0 }));
    }

    [Test]
    public void Who_publishes_after_the_end_does_not_fail()
    {
        var stream = Start();
        stream.Dispose();
        Assert.That(() => stream.TryPublish(new Alarm()), Throws.Nothing);
    }

    [Test]
    public void Old_rows_go_while_a_flood_lasts()
    {
        using var stream = Start();
        var rows = new FlowRow[500];
        var started = Stopwatch.StartNew();
        while (stream.Statistics()[Topic.Flows.Index].Expired == 0 && started.Elapsed < TimeSpan.FromSeconds(60))
        {
            stream.Publish(rows);
        }

        Assert.That(stream.Statistics()[Topic.Flows.Index].Expired, Is.GreaterThan(0));
    }

    private EventStream Start() =>
        EventStream.Start(
            new StreamOptions
            {
                Node = "host1",
                Kind = SourceKind.HostAgent,
                Folder = _folder.Path,
                Limits = new Dictionary<Topic, JournalLimits>
                {
                    [Topic.Flows] = new JournalLimits(JournalLimits.MinBytes, TimeSpan.FromDays(1), IsSynchronous: false),
                },
            },
            TimeProvider.System,
            NullLogger.Instance
        );
}
