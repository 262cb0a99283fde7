using System.Text;
using Fabric.Agent.Streaming;
using Fabric.Analytics;
using Fabric.Streaming;
using Fabric.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fabric.Agent.Tests.Streaming;

/// <summary>From the data plane's report to the row on disk.</summary>
public sealed class JournalTests
{
    private string _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("fabric-agent-stream-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_reported_session_is_a_line_of_the_journal()
    {
        using (var stream = Open())
        using (var agent = new AgentStream("host1", new ManualLoop(), StreamOutlet.To(stream)))
        {
            agent.RecordsReceived(Reports.Of(Reports.Ended with { Rule = 1 }).With(Reports.Name(1, "web/ingress 1")));
        }

        using var after = Open();
        using var reader = after.Read(Topic.Flows, 1);
        Assert.That(reader.TryRead(out var record), Is.True);
        var row = FlowRecord.Parser.ParseJson(Encoding.UTF8.GetString(record.Payload));
        Assert.That((row.Policy, row.Rule, row.Sent.Bytes, row.Envelope.Node), Is.EqualTo(("web", "ingress 1", 180UL, "host1")));
    }

    [Test]
    public void Reports_that_the_data_plane_lost_are_a_gap_in_the_sequence()
    {
        using (var stream = Open())
        using (var agent = new AgentStream("host1", new ManualLoop(), StreamOutlet.To(stream)))
        {
            foreach (var lost in (ulong[])[3, 5])
            {
                var records = Reports.Of(Reports.Ended);
                records.FlowsLost = lost;
                agent.RecordsReceived(records);
            }

            agent.RecordsReceived(Reports.Of(Reports.Ended));
        }

        using var after = Open();
        Assert.That(after.Statistics()[Topic.Flows.Index].LastSequence, Is.EqualTo(3 + 2));
    }

    [Test]
    public void Sessions_are_summed_up_for_an_interval_and_the_rest_goes_out_at_the_end()
    {
        List<FlowRow> rows = [];
        var loop = new ManualLoop();
        var outlet = new StreamOutlet(_ => true, span => rows.AddRange(span), _ => { });
        var agent = new AgentStream("host1", loop, outlet, new SummaryOptions(10 * Reports.Second, 3600 * Reports.Second));
        loop.Run(agent.Start);
        loop.Advance(TimeSpan.FromSeconds(10));
        Report(session: 1);
        Report(session: 2);
        loop.Advance(TimeSpan.FromSeconds(9));
        Assert.That(rows, Is.Empty);
        loop.Advance(TimeSpan.FromSeconds(2));
        Report(session: 3);
        loop.Run(agent.Dispose);

        Assert.That(
            rows.Select(row => (row.Event, row.Sessions, row.SentPackets)),
            Is.EqualTo([(FlowEvent.Summary, 2u, 6UL), (FlowEvent.Summary, 1u, 3UL)])
        );

        void Report(ulong session)
        {
            var now = (loop.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
            var ended = Reports.Ended with { Session = session, Started = now, Time = now };
            loop.Run(() => agent.RecordsReceived(Reports.Of(ended)));
        }
    }

    private EventStream Open() =>
        EventStream.Start(
            new StreamOptions
            {
                Node = "host1",
                Kind = SourceKind.HostAgent,
                Folder = _folder,
            },
            TimeProvider.System,
            NullLogger.Instance
        );
}
