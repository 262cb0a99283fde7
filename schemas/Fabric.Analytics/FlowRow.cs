using System.Text.Json;
using Fabric.Analytics.Json;
using Fabric.Primitives;

namespace Fabric.Analytics;

/// <summary>
/// A row of fabric.flows as a value, for sources of hundreds of thousands a second: <see cref="FlowRecord"/> without its objects. Names are
/// references to text that the source has anyway; null is absent. Times are microseconds since 1970.
/// </summary>
public readonly record struct FlowRow : IStreamRow
{
    public static Topic Topic => Topic.Flows;

    /// <summary>0: when the stream takes the row.</summary>
    public long Time { get; init; }

    public FlowEvent Event { get; init; }

    public ulong Session { get; init; }

    public long Started { get; init; }

    public FlowRowEndpoint Initiator { get; init; }

    public FlowRowEndpoint Responder { get; init; }

    public byte Protocol { get; init; }

    public string? Vrf { get; init; }

    public ulong SentPackets { get; init; }

    public ulong SentBytes { get; init; }

    public ulong ReceivedPackets { get; init; }

    public ulong ReceivedBytes { get; init; }

    public FlowAction Action { get; init; }

    public string? Policy { get; init; }

    public string? Rule { get; init; }

    public string? DropReason { get; init; }

    /// <summary>The initiator as the responder sees it; none where addresses are not translated.</summary>
    public IpAddress TranslatedInitiator { get; init; }

    public ushort TranslatedInitiatorPort { get; init; }

    public IpAddress TranslatedResponder { get; init; }

    public ushort TranslatedResponderPort { get; init; }

    public FlowSide Side { get; init; }

    public uint Sampling { get; init; }

    public IpAddress RemoteHost { get; init; }

    /// <summary>Of a summary: sessions that are summed up in it; else 0.</summary>
    public uint Sessions { get; init; }

    internal bool IsTranslated => !TranslatedInitiator.IsNone || !TranslatedResponder.IsNone;

    public void WriteJson(Utf8JsonWriter writer, in EventStamp stamp) => FlowJson.Write(writer, this, stamp);

    IStreamEvent IStreamRow.ToMessage(in EventStamp stamp) => ToMessage(stamp);

    /// <summary>The same row as a message.</summary>
    public FlowRecord ToMessage(in EventStamp stamp) =>
        new()
        {
            Envelope = stamp.ToEnvelope(Time == 0 ? null : EventStamp.ToTimestamp(Time)),
            Event = Event,
            Session = Session,
            Started = EventStamp.ToTimestamp(Started),
            Initiator = Initiator.ToMessage(),
            Responder = Responder.ToMessage(),
            Protocol = Protocol,
            Vrf = Vrf ?? "",
            Sent = new TrafficCount { Packets = SentPackets, Bytes = SentBytes },
            Received = new TrafficCount { Packets = ReceivedPackets, Bytes = ReceivedBytes },
            Action = Action,
            Policy = Policy ?? "",
            Rule = Rule ?? "",
            DropReason = DropReason ?? "",
            Translation = IsTranslated
                ? new FlowTranslation
                {
                    InitiatorAddress = FlowRowEndpoint.Text(TranslatedInitiator),
                    InitiatorPort = TranslatedInitiatorPort,
                    ResponderAddress = FlowRowEndpoint.Text(TranslatedResponder),
                    ResponderPort = TranslatedResponderPort,
                }
                : null,
            Side = Side,
            Sampling = Sampling,
            RemoteHost = FlowRowEndpoint.Text(RemoteHost),
            Sessions = Sessions,
        };
}

/// <summary>One end of a <see cref="FlowRow"/>.</summary>
public readonly record struct FlowRowEndpoint(IpAddress Address, ushort Port, string? Machine, string? Network)
{
    /// <summary>The end is the block of so many leading bits that the address begins; 0: the address alone.</summary>
    public byte PrefixLength { get; init; }

    internal FlowEndpoint ToMessage() =>
        new()
        {
            Address = Text(Address),
            Port = Port,
            Machine = Machine ?? "",
            Network = Network ?? "",
            PrefixLength = PrefixLength,
        };

    internal static string Text(IpAddress address) => address.IsNone ? "" : address.ToString();
}
