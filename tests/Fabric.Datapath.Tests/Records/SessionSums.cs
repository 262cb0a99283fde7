using Fabric.Model.Datapath;

namespace Fabric.Datapath.Tests;

/// <summary>Sessions as their reports tell of them: each begins once at most and ends once, and nothing comes behind its end.</summary>
internal sealed class SessionSums
{
    private readonly HashSet<ulong> over = [];

    /// <summary>Some began while nobody recorded.</summary>
    public bool MissesStarts { get; init; }

    public Dictionary<ulong, FlowReport> Open { get; } = [];

    public long Packets { get; private set; }

    public int Ended => over.Count;

    public void Take(FlowReport report)
    {
        Assert.That(over, Does.Not.Contain(report.Session), "nothing comes behind an end");
        var isKnown = Open.TryGetValue(report.Session, out var last);
        if (isKnown)
        {
            Assert.That(report.Event, Is.Not.EqualTo(FlowReportEvent.Start));
            Assert.That(report.Started, Is.EqualTo(last.Started));
            Assert.That(report.SentPackets, Is.GreaterThanOrEqualTo(last.SentPackets));
            Assert.That(report.ReceivedPackets, Is.GreaterThanOrEqualTo(last.ReceivedPackets));
        }
        else
        {
            Assert.That(MissesStarts || report.Event != FlowReportEvent.Update);
        }

        Open[report.Session] = report;
        if (report.Event == FlowReportEvent.End)
        {
            Open.Remove(report.Session);
            over.Add(report.Session);
            Packets += (long)(report.SentPackets + report.ReceivedPackets);
        }
    }
}
