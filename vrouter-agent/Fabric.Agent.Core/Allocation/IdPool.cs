using Fabric.Primitives;

namespace Fabric.Agent.Core.Allocation;

/// <summary>
/// Numbers given to names, from a range. A number that was freed is given again only after every other free number of the
/// range was, so that what peers, flows and the data plane remember of its old owner has long gone.
/// </summary>
public sealed class IdPool
{
    private readonly uint _first;
    private readonly uint _last;
    private readonly Dictionary<string, uint> _ids = [];
    private readonly HashSet<uint> _used = [];
    private uint _next;

    /// <summary>Takes over what an earlier run assigned; assignments outside the range, and second ones of a number, are left out.</summary>
    public IdPool(uint first, uint last, IdPoolState restored)
    {
        _first = first;
        _last = last;
        _next = restored.Next >= first && restored.Next <= last ? restored.Next : first;
        foreach (var (key, id) in restored.Assignments)
        {
            if (id >= first && id <= last && !_ids.ContainsKey(key) && _used.Add(id))
            {
                _ids.Add(key, id);
            }
        }
    }

    /// <summary>Changes with every assignment and every freed number.</summary>
    public int Version { get; private set; }

    public IReadOnlyCollection<string> Keys => _ids.Keys;

    public bool TryGet(string key, out uint id) => _ids.TryGetValue(key, out id);

    /// <summary>The number of a name, assigned now when it has none. False when the range is exhausted.</summary>
    public bool TryAssign(string key, out uint id)
    {
        if (_ids.TryGetValue(key, out id))
        {
            return true;
        }

        if ((uint)_used.Count > _last - _first)
        {
            return false;
        }

        while (_used.Contains(_next))
        {
            Advance();
        }

        id = _next;
        Advance();
        _ids.Add(key, id);
        _used.Add(id);
        Version++;
        return true;
    }

    public void Free(string key)
    {
        if (_ids.Remove(key, out var id))
        {
            _used.Remove(id);
            Version++;
        }
    }

    public IdPoolState Save() =>
        new(_next, _ids.OrderBy(pair => pair.Value).Select(pair => new IdAssignment(pair.Key, pair.Value)).ToEquatableArray());

    private void Advance() => _next = _next == _last ? _first : _next + 1;
}
