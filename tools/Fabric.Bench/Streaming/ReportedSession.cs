using Fabric.Model.Datapath;

namespace Fabric.Bench.Streaming;

/// <summary>
/// What is reported of the session of a number, from 1 on: everything follows from the number, so that each row that is read back can be told right or
/// wrong. One in ten is denied. No value is zero, as rows leave zeros out.
/// </summary>
internal static class ReportedSession
{
    public const string AllowRule = "web/allow-https";
    public const string DenyRule = "web/default-deny";
    public const string DenyReason = "SecurityGroupEgress";

    public const uint AllowRuleNumber = 1;
    public const uint DenyRuleNumber = 2;
    public const uint DenyReasonNumber = 3;
    public const uint NetworkNumber = 4;

    public const byte Protocol = 6;
    public const ushort ResponderPort = 443;

    /// <summary>2025-01-01T00:00:00Z, in microseconds.</summary>
    public const long Started = 1_735_689_600_000_000;

    /// <summary>10.77.0.10, of the host's machine.</summary>
    public const uint Initiator = 0x0A4D000A;

    /// <summary>192.0.2.12, of the other host.</summary>
    public const uint RemoteHost = 0xC000020C;

    private const uint FirstResponder = 0x0A4E0000;
    private const uint Responders = 0xFFFF;
    private const ushort FirstPort = 1024;
    private const ushort Ports = 60_000;

    public static bool IsDenied(ulong number) => number % 10 == 0;

    public static FlowReportEvent Event(ulong number) => (FlowReportEvent)(1 + (number % 3));

    public static uint Responder(ulong number) => FirstResponder + 1 + (uint)(number % Responders);

    public static ushort InitiatorPort(ulong number) => (ushort)(FirstPort + (number % Ports));

    public static ulong SentPackets(ulong number) => 1 + (number % 97);

    public static ulong SentBytes(ulong number) => 60 + (number % 100_003);

    public static ulong ReceivedPackets(ulong number) => 1 + (number % 89);

    public static ulong ReceivedBytes(ulong number) => 60 + (number % 1_000_003);

    /// <param name="number">Of the session.</param>
    /// <param name="time">Microseconds since 1970.</param>
    /// <param name="host">Who reports it.</param>
    public static FlowReport Report(ulong number, long time, ReportedHost host)
    {
        var isDenied = IsDenied(number);
        return new FlowReport
        {
            Time = time,
            Started = Started,
            Session = number,
            SentPackets = SentPackets(number),
            SentBytes = SentBytes(number),
            ReceivedPackets = ReceivedPackets(number),
            ReceivedBytes = ReceivedBytes(number),
            Initiator = Initiator,
            Responder = Responder(number),
            InitiatorPort = InitiatorPort(number),
            ResponderPort = ResponderPort,
            Protocol = Protocol,
            Event = Event(number),
            IsDenied = isDenied,
            InitiatorLength = 32,
            ResponderLength = 32,
            InitiatorVif = host.Vif,
            ResponderVif = FlowReport.NoVif,
            Vrf = host.Vrf,
            Rule = isDenied ? DenyRuleNumber : AllowRuleNumber,
            Reason = isDenied ? DenyReasonNumber : 0,
            RemoteNetwork = NetworkNumber,
            RemoteHost = RemoteHost,
            Sampling = 1,
        };
    }
}
