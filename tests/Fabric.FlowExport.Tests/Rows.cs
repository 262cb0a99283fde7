using Fabric.Analytics;
using Fabric.Primitives;

namespace Fabric.FlowExport.Tests;

/// <summary>Rows that the tests tell of.</summary>
internal static class Rows
{
    /// <summary>2025-11-24 16:00:00 UTC.</summary>
    public const long Begun = 1_764_000_000_000_000;

    public const long Second = 1_000_000;

    /// <summary>A TCP session that began a second after the export and ended four seconds later.</summary>
    public static FlowRow Web { get; } =
        new()
        {
            Time = Begun + 5 * Second,
            Event = FlowEvent.End,
            Session = 7,
            Started = Begun + Second,
            Initiator = new FlowRowEndpoint(IpAddress.Parse("10.1.0.10"), 40000, "vm1", "acme:red"),
            Responder = new FlowRowEndpoint(IpAddress.Parse("10.1.0.11"), 443, "vm2", "acme:red"),
            Protocol = 6,
            Vrf = "acme:red:red",
            SentPackets = 3,
            SentBytes = 180,
            ReceivedPackets = 2,
            ReceivedBytes = 3001,
            Action = FlowAction.Allow,
            Policy = "acme/web",
            Rule = "ingress 1",
            Side = FlowSide.InitiatorSide,
        };

    public static FlowRow Denied { get; } =
        Web with
        {
            Session = 8,
            Initiator = Web.Initiator with { Port = 40001 },
            Responder = Web.Responder with { Port = 22 },
            SentPackets = 1,
            SentBytes = 60,
            ReceivedPackets = 0,
            ReceivedBytes = 0,
            Action = FlowAction.Deny,
            Rule = "ingress 2",
            DropReason = "SecurityGroupIngress",
        };

    public static FlowRow Ping { get; } =
        Web with
        {
            Session = 9,
            Protocol = 1,
            Initiator = Web.Initiator with { Port = 77 },
            Responder = Web.Responder with { Port = 8 },
            ReceivedPackets = 3,
            ReceivedBytes = 252,
        };

    public static FlowRow Ipv6 { get; } =
        Web with
        {
            Session = 10,
            Protocol = 17,
            Initiator = new FlowRowEndpoint(IpAddress.Parse("2001:db8::10"), 5000, "vm1", "acme:red"),
            Responder = new FlowRowEndpoint(IpAddress.Parse("2001:db8::53"), 53, null, null),
        };
}
