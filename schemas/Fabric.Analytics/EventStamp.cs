using Google.Protobuf.WellKnownTypes;

namespace Fabric.Analytics;

/// <summary>What the stream knows of a row's envelope: its source, and its place among the source's rows of the topic.</summary>
/// <param name="Node">The source's name.</param>
/// <param name="Kind">What kind of program it is.</param>
/// <param name="Epoch">Start of its run, microseconds since 1970.</param>
/// <param name="Sequence">From 1, per source and topic.</param>
/// <param name="Now">Microseconds since 1970: the time of an event that has none of its own.</param>
public readonly record struct EventStamp(string Node, SourceKind Kind, ulong Epoch, ulong Sequence, long Now)
{
    public const long MicrosecondsPerSecond = 1_000_000;

    /// <summary>The envelope of an event that happened at <paramref name="time"/>, where it says so.</summary>
    public Envelope ToEnvelope(Timestamp? time) =>
        new()
        {
            Time = time ?? ToTimestamp(Now),
            Node = Node,
            Kind = Kind,
            Epoch = Epoch,
            Sequence = Sequence,
        };

    /// <param name="microseconds">Since 1970.</param>
    public static Timestamp ToTimestamp(long microseconds)
    {
        var (seconds, rest) = Math.DivRem(microseconds, MicrosecondsPerSecond);
        return rest < 0
            ? new Timestamp { Seconds = seconds - 1, Nanos = (int)((rest + MicrosecondsPerSecond) * 1000) }
            : new Timestamp { Seconds = seconds, Nanos = (int)(rest * 1000) };
    }
}
