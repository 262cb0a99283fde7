using Fabric.Model.Config;

namespace Fabric.Config.Stores;

/// <summary>A store for tests and the simulator: what it holds lives as long as the object, so a "restart" hands it to a new service.</summary>
public sealed class MemoryConfigStore : IConfigStore
{
    private readonly SortedDictionary<ConfigKey, StoredObject> _objects = [];
    private readonly SortedDictionary<string, SequencePosition> _allocations = [];
    private readonly List<ConfigDelta> _changes = [];

    public StoredConfig Load() => new(_changes.Count, [.. _objects.Values], [.. _allocations.Values]) { IsUsed = _changes.Count > 0 };

    public bool TryCommit(ConfigCommit commit)
    {
        ArgumentNullException.ThrowIfNull(commit);
        if (commit.Delta.Revision != _changes.Count + 1)
        {
            return false;
        }

        foreach (var change in commit.Delta.Changes)
        {
            if (change.Value is { } value)
            {
                _objects[change.Key] = new StoredObject(value, commit.Delta.Revision);
            }
            else
            {
                _objects.Remove(change.Key);
            }
        }

        foreach (var allocation in commit.Allocations)
        {
            _allocations[allocation.Sequence] = allocation;
        }

        _changes.Add(commit.Delta);
        return true;
    }

    public IReadOnlyList<ConfigDelta>? ReadChanges(long afterRevision, int enough)
    {
        if (afterRevision < 0 || afterRevision > _changes.Count)
        {
            return null;
        }

        var (end, changes) = ((int)afterRevision, 0);
        for (; end < _changes.Count && changes < enough; end++)
        {
            changes += _changes[end].Changes.Count;
        }

        return _changes[(int)afterRevision..end];
    }
}
