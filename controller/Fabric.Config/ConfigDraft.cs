using System.Collections.Immutable;
using Fabric.Model.Config;

namespace Fabric.Config;

/// <summary>The objects as they would be after a request, with the request itself.</summary>
internal sealed class ConfigDraft
{
    private readonly ImmutableSortedDictionary<ConfigKey, ConfigObject> _before;
    private readonly Dictionary<ConfigKey, ConfigEdit> _edits = [];

    public ConfigDraft(ImmutableSortedDictionary<ConfigKey, ConfigObject> before, IEnumerable<ConfigEdit> edits)
    {
        _before = before;
        var after = before.ToBuilder();
        foreach (var edit in edits)
        {
            _edits[edit.Key] = edit;
            if (edit.Value is { } value)
            {
                after[edit.Key] = value;
            }
            else
            {
                after.Remove(edit.Key);
            }
        }

        Objects = after.ToImmutable();
    }

    public ImmutableSortedDictionary<ConfigKey, ConfigObject> Objects { get; private set; }

    /// <summary>The objects that the request puts, in the order of kinds, so that what one refers to comes before it.</summary>
    public IEnumerable<ConfigKey> Puts => _edits.Values.Where(edit => edit.Value is not null).Select(edit => edit.Key).Order();

    /// <summary>The objects of a kind, those of the request last, so that of two that clash the later is one that the request can mend.</summary>
    public IEnumerable<T> Of<T>()
        where T : ConfigObject => Objects.Values.OfType<T>().OrderBy(value => _edits.ContainsKey(value.Key));

    public T? Find<T>(ConfigKey key)
        where T : ConfigObject => Objects.GetValueOrDefault(key) as T;

    public T? Before<T>(ConfigKey key)
        where T : ConfigObject => _before.GetValueOrDefault(key) as T;

    public void Replace(ConfigObject value) => Objects = Objects.SetItem(value.Key, value);

    public ConfigEdit? EditOf(ConfigKey key) => _edits.GetValueOrDefault(key);

    public GlobalConfig Global => Find<GlobalConfig>(new GlobalConfig().Key) ?? new GlobalConfig();

    /// <summary>What differs from before, in the order of keys.</summary>
    public IEnumerable<ConfigDiff> Diff() =>
        _edits
            .Keys.Order()
            .Select(key => new ConfigDiff(key, _before.GetValueOrDefault(key), Objects.GetValueOrDefault(key)))
            .Where(diff => diff.Before != diff.After);
}
