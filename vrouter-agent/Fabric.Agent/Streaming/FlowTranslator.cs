using Fabric.Analytics;
using Fabric.Model.Datapath;
using Fabric.Primitives;

namespace Fabric.Agent.Streaming;

/// <summary>Turns a report of the data plane into a row: numbers become names. It allocates nothing, since there may be 200,000 a second.</summary>
internal sealed class FlowTranslator(PortNames ports, ReportedNames names)
{
    private const int AddressBits = 32;

    /// <summary>Numbers that had no name.</summary>
    public long UnknownNames { get; private set; }

    /// <returns>False: the report is none.</returns>
    public bool TryTranslate(in FlowReport report, out FlowRow row)
    {
        if (!IsWhole(report))
        {
            row = default;
            return false;
        }

        var rule = NameOf(report.Rule);
        row = new FlowRow
        {
            Time = report.Time,
            Event = EventOf(report.Event),
            Session = report.Session,
            Started = report.Started,
            Initiator = EndOf(report.Initiator, report.InitiatorPort, report.InitiatorLength, report.InitiatorVif, report.RemoteNetwork),
            Responder = EndOf(report.Responder, report.ResponderPort, report.ResponderLength, report.ResponderVif, report.RemoteNetwork),
            Protocol = report.Protocol,
            Vrf = VrfOf(report.Vrf),
            SentPackets = report.SentPackets,
            SentBytes = report.SentBytes,
            ReceivedPackets = report.ReceivedPackets,
            ReceivedBytes = report.ReceivedBytes,
            Action = report.IsDenied ? FlowAction.Deny : FlowAction.Allow,
            Policy = rule?.Policy,
            Rule = rule?.Rule,
            DropReason = NameOf(report.Reason)?.Text,
            Side = SideOf(report),
            Sampling = report.Sampling > 1 ? report.Sampling : 0,
            RemoteHost = report.RemoteHost == 0 ? default : IpAddress.FromIpv4(report.RemoteHost),
        };
        return true;
    }

    private static bool IsWhole(in FlowReport report) =>
        report.Event is FlowReportEvent.Start or FlowReportEvent.Update or FlowReportEvent.End
        && ReportTime.IsOne((ulong)report.Time)
        && ReportTime.IsOne((ulong)report.Started)
        && report.InitiatorLength <= AddressBits
        && report.ResponderLength <= AddressBits;

    private static FlowEvent EventOf(FlowReportEvent happened) =>
        happened switch
        {
            FlowReportEvent.Start => FlowEvent.Start,
            FlowReportEvent.Update => FlowEvent.Update,
            _ => FlowEvent.End,
        };

    private static FlowSide SideOf(in FlowReport report) =>
        (report.InitiatorVif != FlowReport.NoVif, report.ResponderVif != FlowReport.NoVif) switch
        {
            (true, true) => FlowSide.BothSides,
            (true, false) => FlowSide.InitiatorSide,
            (false, true) => FlowSide.ResponderSide,
            _ => FlowSide.Unspecified,
        };

    private FlowRowEndpoint EndOf(uint address, ushort port, byte length, uint vif, uint remoteNetwork)
    {
        string? machine = null;
        string? network;
        if (vif == FlowReport.NoVif)
        {
            network = NameOf(remoteNetwork)?.Text;
        }
        else
        {
            var name = ports.Vif(vif);
            UnknownNames += name is null ? 1 : 0;
            (machine, network) = (name?.Machine, name?.Network);
        }

        return new FlowRowEndpoint(IpAddress.FromIpv4(address), port, machine, network)
        {
            PrefixLength = length == AddressBits ? (byte)0 : length,
        };
    }

    private string? VrfOf(uint id)
    {
        var name = ports.Vrf(id);
        UnknownNames += name is null ? 1 : 0;
        return name;
    }

    private ReportedName? NameOf(uint number)
    {
        if (number == 0)
        {
            return null;
        }

        var name = names.Find(number);
        UnknownNames += name is null ? 1 : 0;
        return name;
    }
}
