using System.Runtime.InteropServices;
using Fabric.Model.Datapath;
using Fabric.Primitives;
using Google.Protobuf;

namespace Fabric.Agent.Tests.Streaming;

/// <summary>What a data plane reports.</summary>
internal static class Reports
{
    /// <summary>2025-11-24T16:00:00Z in microseconds.</summary>
    public const long Began = 1_764_000_000_000_000;

    public const long Second = 1_000_000;

    /// <summary>The end of a session from the port of the fixture (vif 1, VRF 1) to a VM of another host: three packets there, two back.</summary>
    public static FlowReport Ended { get; } =
        new()
        {
            Time = Began + (2 * Second),
            Started = Began,
            Session = 7,
            SentPackets = 3,
            SentBytes = 180,
            ReceivedPackets = 2,
            ReceivedBytes = 120,
            Initiator = IpAddress.Parse("10.1.0.5").Ipv4,
            Responder = IpAddress.Parse("10.1.0.9").Ipv4,
            InitiatorPort = 40_000,
            ResponderPort = 443,
            Protocol = 6,
            Event = FlowReportEvent.End,
            InitiatorLength = 32,
            ResponderLength = 32,
            InitiatorVif = 1,
            ResponderVif = FlowReport.NoVif,
            Vrf = 1,
            Sampling = 1,
        };

    public static NameEntry Name(uint number, string name) => new() { Number = number, Name = name };

    public static Records Of(params FlowReport[] reports) =>
        new() { Flows = ByteString.CopyFrom(MemoryMarshal.AsBytes<FlowReport>(reports)) };

    public static Records With(this Records records, params NameEntry[] names)
    {
        records.Names.AddRange(names);
        return records;
    }
}
