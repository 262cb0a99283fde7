using System.Collections.Concurrent;
using Fabric.Analytics;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fabric.Streaming.Tests;

/// <summary>A disk that takes rows, and says then that they are not safe.</summary>
[TestFixture]
public sealed class FailingDiskTests
{
    private const int Patience = 60_000;

    /// <summary>A counter that falls looks like a restart to Prometheus, which adds all of it to the rate.</summary>
    [Test]
    public void Rows_count_as_published_when_they_are_written_and_not_before()
    {
        using var folder = new TemporaryFolder();
        var seen = new ConcurrentQueue<long>();
        EventStream? stream = null;
        stream = EventStream.Start(
            new StreamOptions
            {
                Node = "host1",
                Kind = SourceKind.HostAgent,
                Folder = folder.Path,
                ForceToDisk = _ =>
                {
                    seen.Enqueue(stream!.Statistics()[Topic.Alarms.Index].Published);
                    throw new IOException("The disk is broken.");
                },
            },
            TimeProvider.System,
            NullLogger.Instance
        );
        stream.TryPublish(new Alarm { Name = "lost" });
        Assert.That(() => stream.Statistics()[Topic.Alarms.Index].Dropped, Is.EqualTo(1).After(Patience, 10));

        Assert.That(seen, Is.Not.Empty.And.All.Zero);
        Assert.That(stream.Statistics()[Topic.Alarms.Index].Published, Is.Zero);
        Assert.That(stream.Dispose, Throws.Nothing);
    }
}
