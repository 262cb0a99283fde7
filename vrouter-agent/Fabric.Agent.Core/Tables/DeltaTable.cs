using System.Diagnostics.CodeAnalysis;

namespace Fabric.Agent.Core.Tables;

/// <summary>
/// One table as it should be (desired) beside what was sent. What differs is pending, once per key however often it changed,
/// so a slow reader costs no more than the table.
/// <code>
///   desired:  +-------+-----------------------+
///             |  add  |  equal    |  changed  |
///   sent:             +-----------------------+-----------+
///                     |  equal    |  changed  |  remove   |
///                     +-----------------------+-----------+
///   pending = add + changed (upserts), remove (removals)
/// </code>
/// </summary>
public sealed class DeltaTable<TKey, TValue>
    where TKey : notnull
    where TValue : class
{
    private readonly Dictionary<TKey, TValue> _desired = [];
    private readonly Dictionary<TKey, TValue> _sent = [];
    private readonly HashSet<TKey> _upserts = [];
    private readonly HashSet<TKey> _removals = [];

    public IReadOnlyDictionary<TKey, TValue> Desired => _desired;

    public bool HasPending => _upserts.Count + _removals.Count > 0;

    public void Set(TKey key, TValue value)
    {
        if (_desired.TryGetValue(key, out var known) && known.Equals(value))
        {
            return;
        }

        _desired[key] = value;
        _removals.Remove(key);
        if (_sent.TryGetValue(key, out var sent) && sent.Equals(value))
        {
            _upserts.Remove(key);
        }
        else
        {
            _upserts.Add(key);
        }
    }

    public void Remove(TKey key)
    {
        if (!_desired.Remove(key))
        {
            return;
        }

        _upserts.Remove(key);
        if (_sent.ContainsKey(key))
        {
            _removals.Add(key);
        }
    }

    /// <summary>Makes the desired table exactly this.</summary>
    public void Replace(IReadOnlyDictionary<TKey, TValue> table)
    {
        foreach (var key in _desired.Keys)
        {
            if (!table.ContainsKey(key))
            {
                Remove(key);
            }
        }

        foreach (var (key, value) in table)
        {
            Set(key, value);
        }
    }

    /// <summary>The reader is a new one, which knows nothing of what was sent.</summary>
    public void Forget()
    {
        _sent.Clear();
        _removals.Clear();
        _upserts.UnionWith(_desired.Keys);
    }

    public bool TryTakeUpsert([NotNullWhen(true)] out TValue? value)
    {
        if (!TryTake(_upserts, out var key))
        {
            value = null;
            return false;
        }

        value = _desired[key];
        _sent[key] = value;
        return true;
    }

    public bool TryTakeRemoval([MaybeNullWhen(false)] out TKey key)
    {
        if (!TryTake(_removals, out key))
        {
            return false;
        }

        _sent.Remove(key);
        return true;
    }

    private static bool TryTake(HashSet<TKey> keys, [MaybeNullWhen(false)] out TKey key)
    {
        using var enumerator = keys.GetEnumerator();
        if (!enumerator.MoveNext())
        {
            key = default;
            return false;
        }

        key = enumerator.Current;
        keys.Remove(key);
        return true;
    }
}
