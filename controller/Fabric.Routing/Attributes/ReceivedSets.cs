namespace Fabric.Routing;

/// <summary>
/// The attribute sets that paths came with, where import rules made other ones of them (the Adj-RIB-In before policy, RFC 4271 section 3.2):
/// four bytes a path, and nothing while no rule changes anything. A set that is kept has a reference.
/// </summary>
internal sealed class ReceivedSets(AttributeTable sets)
{
    /// <summary>By path the number of the set and one; 0: it stands as it came.</summary>
    private readonly StableArray<int> _sets = new(firstBits: 8);

    public long MemoryBytes => _sets.MemoryBytes;

    /// <summary>The set that the path came with.</summary>
    public int Of(int path, int installed) => path < _sets.Capacity && _sets[path] != 0 ? _sets[path] - 1 : installed;

    /// <summary>The path was made from this set, of which the caller gives a reference away.</summary>
    public void Keep(int path, int received, int installed)
    {
        Forget(path);
        if (received == installed)
        {
            sets.Release(received);
            return;
        }

        _sets.EnsureCapacity(path + 1);
        _sets[path] = received + 1;
    }

    /// <summary>The path stands as it came, or is gone.</summary>
    public void Forget(int path)
    {
        if (path < _sets.Capacity && _sets[path] != 0)
        {
            sets.Release(_sets[path] - 1);
            _sets[path] = 0;
        }
    }
}
