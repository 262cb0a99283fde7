using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Config;

/// <summary>All that a store holds at one revision.</summary>
public sealed record StoredConfig(long Revision, EquatableArray<StoredObject> Objects, EquatableArray<SequencePosition> Allocations)
{
    public static StoredConfig Empty { get; } = new(0, [], []);

    /// <summary>Whether a process before this one had the store.</summary>
    public bool IsUsed { get; init; }
}

/// <summary>An object with the revision of the transaction that wrote it last.</summary>
public sealed record StoredObject(ConfigObject Value, long Revision);

/// <summary>A sequence of numbers; a number once given is not given again, also when its object is gone.</summary>
public sealed record SequencePosition(string Sequence, uint Next);

/// <summary>A transaction: the changes with their revision, and the sequences as they stand after it.</summary>
public sealed record ConfigCommit(ConfigDelta Delta, EquatableArray<SequencePosition> Allocations);
