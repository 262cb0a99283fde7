namespace Fabric.Intent.Graph;

/// <summary>
/// A derived table. What an input's change may touch is marked; <see cref="Settle"/> evaluates the marked keys afresh from current
/// state and tells those downstream of every record that differs. However often a key is marked before, it is evaluated once:
/// that is how changes coalesce.
/// </summary>
/// <param name="evaluate">The record of a key as it should be now; null where there should be none.</param>
internal sealed class IntentNode<TKey, TRecord>(Func<TKey, TRecord?> evaluate)
    where TKey : notnull
    where TRecord : class
{
    private readonly Dictionary<TKey, TRecord> _records = [];
    private readonly SortedSet<TKey> _marked = [];

    private readonly List<Action<TKey, TRecord?, TRecord?>> _downstream = [];

    /// <summary>Wires a listener, which hears the key, the record before and the record after.</summary>
    public void Then(Action<TKey, TRecord?, TRecord?> listener) => _downstream.Add(listener);

    public TRecord? this[TKey key] => _records.GetValueOrDefault(key);

    public void Mark(TKey key) => _marked.Add(key);

    public void MarkAll() => _marked.UnionWith(_records.Keys);

    public void Settle()
    {
        foreach (var key in _marked)
        {
            var before = _records.GetValueOrDefault(key);
            var after = evaluate(key);
            if (Equals(before, after))
            {
                continue;
            }

            if (after is null)
            {
                _records.Remove(key);
            }
            else
            {
                _records[key] = after;
            }

            _downstream.ForEach(listener => listener(key, before, after));
        }

        _marked.Clear();
    }
}
