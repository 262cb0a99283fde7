using Fabric.Controller.Monitoring;
using Fabric.Controller.Tests.Scenarios;
using Fabric.Testing;

namespace Fabric.Controller.Tests;

/// <summary>The files that a control node writes of itself, where there is no folder for them.</summary>
public sealed class MrtFilesTests
{
    private const int Patience = 10_000;

    private static readonly TimeSpan s_interval = TimeSpan.FromHours(2);

    [Test]
    public async Task A_folder_that_is_not_there_is_said_at_the_start_and_at_each_dump_and_ends_nothing()
    {
        var (log, time) = (new ListLogger<MrtFiles>(), new ManualTime());
        var files = new MrtFiles(new MrtOptions("/nonexistent", s_interval, LogsUpdates: false, KeptFiles: 0), new Scene().Node, time, log);

        files.Start();

        Assert.That(log.Lines.Single().Line, Does.StartWith("MRT file /nonexistent is not written: there is no such folder"));
        Assert.That(() => LinesAfterAnInterval(time, log), Is.GreaterThan(3).After(Patience, 10));
        Assert.That(log.Lines.Skip(1).Select(line => line.Line), Is.All.StartsWith("MRT file /nonexistent/rib.2041"));
        Assert.That(async () => await files.DisposeAsync(), Throws.Nothing);
    }

    private static int LinesAfterAnInterval(ManualTime time, ListLogger<MrtFiles> log)
    {
        time.Advance(s_interval);
        return log.Lines.Count;
    }
}
