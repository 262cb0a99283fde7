using System.Net;
using System.Net.Sockets;
using Fabric.Agent.Streaming;
using Fabric.FlowExport;
using Fabric.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fabric.Agent.Tests.Streaming;

/// <summary>From the data plane's report to the collector's socket.</summary>
public sealed class ExportTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Test]
    public async Task A_reported_session_is_told_to_a_collector_once_the_stream_has_it()
    {
        using var collector = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var options = new FlowExportOptions { Ipfix = new IpfixOptions([(IPEndPoint)collector.Client.LocalEndPoint!]) };
        var published = 0;
        using (var export = ExportingProcess.Start(options, TimeProvider.System, NullLogger.Instance))
        using (
            var agent = new AgentStream("host1", new ManualLoop(), new StreamOutlet(_ => true, rows => published += rows.Length, _ => { }))
        )
        {
            agent.Flows.Exporter = rows => export.Add(rows);
            var now = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
            agent.RecordsReceived(Reports.Of(Reports.Ended with { Started = now, Time = now }));
        }

        using var deadline = new CancellationTokenSource(s_patience);
        var templates = await collector.ReceiveAsync(deadline.Token);
        var flows = await collector.ReceiveAsync(deadline.Token);

        // RFC 7011 sections 3.1 and 3.3.2: version 10; a set of templates, and one of the first template's records.
        Assert.That(published, Is.EqualTo(1));
        Assert.That((templates.Buffer[1], templates.Buffer[17]), Is.EqualTo((10, 2)));
        Assert.That((flows.Buffer[1], flows.Buffer[16], flows.Buffer[17]), Is.EqualTo((10, 1, 0)));
    }
}
