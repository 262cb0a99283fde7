using System.Diagnostics.CodeAnalysis;
using Fabric.Analytics;

namespace Fabric.Agent.Streaming;

/// <summary>
/// Compares rows without what tells sessions of the same ends apart (<see cref="Of"/>). The hash leaves names out: they follow from the addresses, but for a few, and
/// cost more than all else.
/// </summary>
internal sealed class SameEnds : IEqualityComparer<FlowRow>
{
    public static SameEnds Comparer { get; } = new();

    /// <summary>What all rows of the same ends have in common.</summary>
    public static FlowRow Of(in FlowRow row) =>
        row with
        {
            Time = 0,
            Event = FlowEvent.Summary,
            Session = 0,
            Started = 0,
            Initiator = row.Initiator with { Port = 0 },
            TranslatedInitiatorPort = 0,
            SentPackets = 0,
            SentBytes = 0,
            ReceivedPackets = 0,
            ReceivedBytes = 0,
        };

    public bool Equals(FlowRow x, FlowRow y) => x == y;

    public int GetHashCode([DisallowNull] FlowRow obj) =>
        HashCode.Combine(obj.Initiator.Address, obj.Responder.Address, obj.Responder.Port, obj.Protocol, obj.Action, obj.Side);
}
