namespace Fabric.Streaming.Journal;

/// <summary>A row in the journal. Its spans are good until the next read.</summary>
public readonly ref struct JournalRecord
{
    public ulong Sequence { get; init; }

    /// <summary>When it was written: microseconds since 1970.</summary>
    public long Time { get; init; }

    public RecordFlags Flags { get; init; }

    /// <summary>At most 65,535 octets.</summary>
    public ReadOnlySpan<byte> Key { get; init; }

    public ReadOnlySpan<byte> Payload { get; init; }
}

[Flags]
public enum RecordFlags
{
    None = 0,

    /// <summary>The payload is protobuf; otherwise it is one line of JSON.</summary>
    Protobuf = 1,

    /// <summary>Last row of its key: a compacted topic gets a tombstone behind it.</summary>
    LastOfKey = 2,
}
