using System.Collections.Immutable;
using Fabric.Config.Allocation;
using Fabric.Config.Validation;
using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Config;

/// <summary>
/// Owned by the config loop. Takes requests, each one transaction: completes the objects with allocated values, validates what
/// would come out, and makes it durable. What it answers is what stands in the store.
/// </summary>
public sealed class ConfigService
{
    private readonly IConfigStore _store;
    private readonly Func<Guid> _newIdentifier;
    private ImmutableSortedDictionary<ConfigKey, ConfigObject> _objects = ImmutableSortedDictionary<ConfigKey, ConfigObject>.Empty;
    private ImmutableDictionary<ConfigKey, long> _revisions = ImmutableDictionary<ConfigKey, long>.Empty;
    private EquatableArray<SequencePosition> _allocations = [];

    /// <param name="newIdentifier">Gives a new UUID at each call; a core has no randomness of its own.</param>
    public ConfigService(IConfigStore store, Func<Guid> newIdentifier)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        _newIdentifier = newIdentifier;
        IsRestarted = Reload().IsUsed;
    }

    /// <summary>Whether a process before this one had the store.</summary>
    public bool IsRestarted { get; }

    /// <summary>The number of the last transaction; 0 for an empty store.</summary>
    public long Revision { get; private set; }

    /// <summary>All objects in the order of kind, project, name.</summary>
    public IEnumerable<StoredObject> All => _objects.Values.Select(value => new StoredObject(value, _revisions[value.Key]));

    public StoredObject? Find(ConfigKey key) => _objects.TryGetValue(key, out var value) ? new StoredObject(value, _revisions[key]) : null;

    /// <summary>Everything as one delta, for an intent that starts from nothing.</summary>
    public ConfigDelta Snapshot() => new(Revision, _objects.Values.Select(ConfigChange.Put).ToEquatableArray());

    /// <inheritdoc cref="IConfigStore.ReadChanges"/>
    public IReadOnlyList<ConfigDelta>? ReadChanges(long afterRevision, int enough) => _store.ReadChanges(afterRevision, enough);

    /// <summary>All edits or none. A dry run tells what would happen and changes nothing, not even a sequence.</summary>
    public ApplyResult Apply(IReadOnlyList<ConfigEdit> edits, bool dryRun = false)
    {
        ArgumentNullException.ThrowIfNull(edits);
        while (true)
        {
            var result = Evaluate(edits, out var draft, out var allocations);
            if (dryRun || result.Outcome != ApplyOutcome.Applied || result.Diff.IsEmpty)
            {
                return result;
            }

            if (_store.TryCommit(new ConfigCommit(result.Delta, allocations)))
            {
                Adopt(result.Delta, draft.Objects, allocations);
                return result;
            }

            // Another writer came first: the request is judged anew against what stands now.
            Reload();
        }
    }

    private ApplyResult Evaluate(IReadOnlyList<ConfigEdit> edits, out ConfigDraft draft, out EquatableArray<SequencePosition> allocations)
    {
        draft = new ConfigDraft(_objects, edits);
        allocations = _allocations;
        var outcome = CheckEdits(edits, out var refusals);
        if (outcome != ApplyOutcome.Applied)
        {
            return ApplyResult.Refused(outcome, Revision, refusals);
        }

        var sequences = new Sequences(_allocations);
        new ConfigCompleter(draft, sequences, _newIdentifier).Complete();
        allocations = sequences.ToAllocations();
        var errors = ConfigValidator.Validate(draft);
        if (errors.Count > 0)
        {
            return ApplyResult.Refused(ApplyOutcome.Invalid, Revision, errors);
        }

        var diff = draft.Diff().ToEquatableArray();
        var revision = diff.IsEmpty ? Revision : Revision + 1;
        var changes = diff.Select(change => new ConfigChange(change.Key, change.After)).ToEquatableArray();
        return new ApplyResult(ApplyOutcome.Applied, new ConfigDelta(revision, changes), diff, [])
        {
            Put = [.. PutBy(edits, draft, diff, revision)],
        };
    }

    /// <summary>What an edit does not change keeps its revision.</summary>
    private IEnumerable<StoredObject> PutBy(
        IReadOnlyList<ConfigEdit> edits,
        ConfigDraft draft,
        EquatableArray<ConfigDiff> diff,
        long revision
    )
    {
        var changed = diff.Select(change => change.Key).ToHashSet();
        return edits
            .Where(edit => edit.Value is not null)
            .Select(edit => new StoredObject(draft.Objects[edit.Key], changed.Contains(edit.Key) ? revision : _revisions[edit.Key]));
    }

    private ApplyOutcome CheckEdits(IReadOnlyList<ConfigEdit> edits, out List<ConfigError> errors)
    {
        errors = [];
        var outcome = ApplyOutcome.Applied;
        var seen = new HashSet<ConfigKey>();
        foreach (var edit in edits)
        {
            if (errors.Count >= ConfigError.MaxTold)
            {
                break;
            }

            var standing = _revisions.GetValueOrDefault(edit.Key);
            if (!seen.Add(edit.Key))
            {
                errors.Add(new ConfigError(edit.Path, $"The request names {edit.Key} twice.", "Keep one of them."));
                outcome = ApplyOutcome.Invalid;
            }
            else if (edit.ExpectedRevision is { } expected && (expected == ConfigEdit.AnyRevision ? standing == 0 : expected != standing))
            {
                var message = standing == 0 ? $"There is no {edit.Key}." : $"{edit.Key} is at revision {standing}, not {expected}.";
                errors.Add(new ConfigError(edit.Path, message, "Read it again and repeat the change on what stands now."));
                outcome = outcome == ApplyOutcome.Invalid ? outcome : ApplyOutcome.Stale;
            }
            else if (edit.Value is null && standing == 0)
            {
                errors.Add(
                    new ConfigError(edit.Path, $"There is no {edit.Key}.", "Look for its name and project in the list of its kind.")
                );
                outcome = outcome == ApplyOutcome.Applied ? ApplyOutcome.NotFound : outcome;
            }
        }

        return outcome;
    }

    private void Adopt(
        ConfigDelta delta,
        ImmutableSortedDictionary<ConfigKey, ConfigObject> objects,
        EquatableArray<SequencePosition> allocations
    )
    {
        Revision = delta.Revision;
        _objects = objects;
        _allocations = allocations;
        foreach (var change in delta.Changes)
        {
            _revisions = change.Value is null ? _revisions.Remove(change.Key) : _revisions.SetItem(change.Key, delta.Revision);
        }
    }

    private StoredConfig Reload()
    {
        var stored = _store.Load();
        Revision = stored.Revision;
        _objects = stored.Objects.ToImmutableSortedDictionary(item => item.Value.Key, item => item.Value);
        _revisions = stored.Objects.ToImmutableDictionary(item => item.Value.Key, item => item.Revision);
        _allocations = stored.Allocations;
        return stored;
    }
}
