using Fabric.Analytics;
using Fabric.Model.Datapath;
using Fabric.Primitives;

namespace Fabric.Agent.Streaming;

/// <summary>Turns a report of drops into a row.</summary>
internal sealed class DropTranslator(PortNames ports)
{
    /// <summary>Interfaces that had no name.</summary>
    public long UnknownNames { get; private set; }

    public DropSample Translate(DropReport report)
    {
        var port = report.HasVif ? ports.Vif(report.Vif) : null;
        UnknownNames += report.HasVif && port is null ? 1 : 0;
        var rule = report.Rule.Length > 0 ? new ReportedName(report.Rule) : null;
        var sample = new DropSample
        {
            Reason = report.Reason,
            Policy = rule?.Policy ?? "",
            Rule = rule?.Rule ?? "",
            Port = port?.Id ?? "",
            Machine = port?.Machine ?? "",
            Network = port?.Network ?? "",
            Vrf = port?.Vrf ?? "",
            Packets = report.Packets,
            Length = report.Length,
            Header = report.Header,
        };
        if (ReportTime.IsOne(report.Time))
        {
            sample.Envelope = new Analytics.Envelope { Time = EventStamp.ToTimestamp((long)report.Time) };
        }

        if (report.Source != 0 || report.Destination != 0)
        {
            sample.Protocol = report.Protocol;
            sample.SourceAddress = IpAddress.FromIpv4(report.Source).ToString();
            sample.SourcePort = report.SourcePort;
            sample.DestinationAddress = IpAddress.FromIpv4(report.Destination).ToString();
            sample.DestinationPort = report.DestinationPort;
        }

        return sample;
    }
}
