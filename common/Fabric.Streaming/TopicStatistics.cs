using Fabric.Analytics;

namespace Fabric.Streaming;

/// <summary>How a topic does, at one moment. Counts are of this run.</summary>
/// <param name="Published">Rows in the journal.</param>
/// <param name="Dropped">Rows that were not taken: the mailbox was full, the row too large, or the disk refused. Consumers see gaps.</param>
/// <param name="JournalBytes">On disk.</param>
/// <param name="TornBytes">Cut off the journal's end at the start: a crash left them half written.</param>
/// <param name="OldestSequence">Where readers can start.</param>
/// <param name="LastSequence">The last row in the journal.</param>
/// <param name="AcknowledgedSequence">The broker has all up to here; 0 without a broker.</param>
/// <param name="Lag">Sequences that the broker has not acknowledged; 0 without a broker.</param>
/// <param name="Expired">Sequences whose segments were deleted by size or age.</param>
/// <param name="ExpiredUnsent">Those of them that the broker never got; 0 without a broker.</param>
/// <param name="Refused">Rows that the broker will never take; they were passed over.</param>
public sealed record TopicStatistics(
    Topic Topic,
    long Published,
    long Dropped,
    long JournalBytes,
    long TornBytes,
    ulong OldestSequence,
    ulong LastSequence,
    ulong AcknowledgedSequence,
    ulong Lag,
    long Expired,
    long ExpiredUnsent,
    long Refused
);
