using Fabric.Datapath.Shared;
using Fabric.Model.Datapath;

namespace Fabric.Datapath;

/// <summary>Describes a session as the flow table and a worker's tables have it now. Called under the table's lock.</summary>
internal sealed class SessionReports(DatapathTables tables, FlowTable flows, FlowRecorder recorder)
{
    private const int SessionShift = 24;

    // Rule, reason, network.
    private const int NamesOfReport = 3;
    private const int OneAddress = 32;
    private const byte Icmp = 1;
    private const long MicrosecondsOfMillisecond = 1_000;

    private readonly RecordNames names = recorder.Names;

    /// <summary>The number of the session in a slot: never another's while the machine runs, since two that have a slot do not begin at once.</summary>
    public static ulong NumberOf(int session, long beganMilliseconds) => (ulong)beganMilliseconds << SessionShift | (uint)session;

    /// <param name="session">The slot of the direction that opened it.</param>
    /// <param name="nowMilliseconds">The time.</param>
    public FlowReport Describe(int session, long nowMilliseconds)
    {
        names.MakeRoom(NamesOfReport, areUnused: recorder.Reports.Count == 0);
        ref readonly var flow = ref flows[session];
        var report = new FlowReport
        {
            Time = WallTime(nowMilliseconds),
            Started = WallTime(flow.CreatedAt),
            Session = NumberOf(session, flow.CreatedAt),
            SentPackets = flow.EarlierPackets + (ulong)flow.Packets,
            SentBytes = flow.EarlierBytes + (ulong)flow.Bytes,
            IsDenied = flow.Action == FlowAction.Drop,
            Reason = flow.Action == FlowAction.Drop ? names.NumberOf(DropReasonNames.Of(flow.Reason)) : 0,
            Rule = names.NumberOf(flows.RuleOf(flow.Rule)),
        };
        if (flow.Reverse >= 0)
        {
            ref readonly var answers = ref flows[flow.Reverse];
            report.ReceivedPackets = answers.EarlierPackets + (ulong)answers.Packets;
            report.ReceivedBytes = answers.EarlierBytes + (ulong)answers.Bytes;
        }

        DescribeKey(ref report, flow);
        DescribeEnds(ref report, flow);
        return report;
    }

    /// <summary>Describes the session that ended in the slot when a program began it anew.</summary>
    /// <param name="session">The slot.</param>
    /// <param name="beganMilliseconds">When the earlier session began.</param>
    /// <param name="nowMilliseconds">The time.</param>
    public FlowReport DescribeEarlier(int session, long beganMilliseconds, long nowMilliseconds)
    {
        ref readonly var flow = ref flows[session];
        var report = Describe(session, nowMilliseconds);
        report.Started = WallTime(beganMilliseconds);
        report.Session = NumberOf(session, beganMilliseconds);
        (report.SentPackets, report.SentBytes) = (flow.EarlierPackets, flow.EarlierBytes);
        if (flow.Reverse >= 0)
        {
            ref readonly var answers = ref flows[flow.Reverse];
            (report.ReceivedPackets, report.ReceivedBytes) = (answers.EarlierPackets, answers.EarlierBytes);
        }

        return report;
    }

    /// <summary>Microseconds since 1970.</summary>
    public long WallTime(long milliseconds) => recorder.Epoch + milliseconds * MicrosecondsOfMillisecond;

    private static void DescribeKey(ref FlowReport report, in FlowSlot flow)
    {
        var key = flow.Key;
        report.Initiator = key.Source;
        report.Responder = key.Destination;
        report.Protocol = key.Protocol;
        if (key.IsStateless)
        {
            report.InitiatorLength = (byte)key.SourcePort;
            report.ResponderLength = (byte)key.DestinationPort;
            return;
        }

        report.InitiatorLength = report.ResponderLength = OneAddress;
        report.InitiatorPort = key.SourcePort;
        report.ResponderPort = key.Protocol == Icmp ? flow.IcmpType : key.DestinationPort;
    }

    // The first direction may wait for its first packet still, where a connection was met in its middle; the answers' verdict says it then.
    private void DescribeEnds(ref FlowReport report, in FlowSlot flow)
    {
        var vif = flow.Vif;
        if (flow.ValidatedAt != 0 || flow.Reverse < 0)
        {
            (report.InitiatorVif, report.ResponderVif, report.RemoteHost) = EndsOf(flow);
        }
        else
        {
            ref readonly var answers = ref flows[flow.Reverse];
            vif = answers.Vif;
            (report.ResponderVif, report.InitiatorVif, report.RemoteHost) = EndsOf(answers);
        }

        report.Vrf = tables.Vif(vif)?.Vrf ?? 0;
        if (report.InitiatorVif == FlowReport.NoVif || report.ResponderVif == FlowReport.NoVif)
        {
            var remote = report.InitiatorVif == FlowReport.NoVif ? report.Initiator : report.Responder;
            report.RemoteNetwork = names.NumberOf(tables.Vrf(report.Vrf)?.Lookup(remote)?.Entry.Network);
        }
    }

    private (uint Sender, uint Receiver, uint RemoteHost) EndsOf(in FlowSlot flow) =>
        flow.OuterSource != 0 ? (FlowReport.NoVif, flow.Vif, flow.OuterSource)
        : flow.DestinationVif != FlowSlot.NoVif ? (flow.Vif, flow.DestinationVif, 0)
        : (flow.Vif, FlowReport.NoVif, tables.NextHop(flow.NextHop)?.TunnelDestination ?? 0);
}
