namespace Fabric.Routing;

/// <summary>All paths of a shard. Growing moves nothing, so that a reference to a path is valid as long as the path lives.</summary>
internal sealed class PathPool
{
    private readonly StableArray<Path> _paths = new(firstBits: 6);

    // Apart from the paths: of the routes of a large table, few were exported here.
    private readonly StableArray<int> _primaries = new(firstBits: 6);
    private int _firstFree = Path.None;

    public int Count { get; private set; }

    /// <summary>One more than the highest index ever used.</summary>
    public int Extent { get; private set; }

    public long MemoryBytes => _paths.MemoryBytes + _primaries.MemoryBytes;

    public ref Path this[int index] => ref _paths[index];

    /// <summary>The primary path that an exported one is the copy of.</summary>
    public int PrimaryOf(int exported) => _primaries[exported];

    public void SetPrimary(int exported, int primary)
    {
        _primaries.EnsureCapacity(exported + 1);
        _primaries[exported] = primary;
    }

    public int Allocate()
    {
        Count++;
        if (_firstFree != Path.None)
        {
            var free = _firstFree;
            _firstFree = this[free].Next;
            return free;
        }

        _paths.EnsureCapacity(Extent + 1);
        return Extent++;
    }

    public void Free(int index)
    {
        this[index] = default;
        this[index].Next = _firstFree;
        _firstFree = index;
        Count--;
    }
}
