using System.Runtime.CompilerServices;

namespace Fabric.Routing;

/// <summary>All paths of a shard, in pages: growing moves nothing, so that a reference to a path is valid as long as the path lives.</summary>
internal sealed class PathPool
{
    private const int PageBits = 10;
    private const int PageSize = 1 << PageBits;

    private readonly List<Path[]> _pages = [];
    private Path[][] _index = [];
    private int _firstFree = Path.None;

    public int Count { get; private set; }

    /// <summary>One more than the highest index ever used.</summary>
    public int Extent { get; private set; }

    public long MemoryBytes => (long)_pages.Count * PageSize * Unsafe.SizeOf<Path>();

    public ref Path this[int index] => ref _index[index >> PageBits][index & (PageSize - 1)];

    public int Allocate()
    {
        Count++;
        if (_firstFree != Path.None)
        {
            var free = _firstFree;
            _firstFree = this[free].Next;
            return free;
        }

        if (Extent == _pages.Count << PageBits)
        {
            AddPage();
        }

        return Extent++;
    }

    public void Free(int index)
    {
        this[index] = new Path { Next = _firstFree };
        _firstFree = index;
        Count--;
    }

    private void AddPage()
    {
        _pages.Add(new Path[PageSize]);
        if (_index.Length < _pages.Count)
        {
            Array.Resize(ref _index, Math.Max(_pages.Count * 2, 4));
        }

        _index[_pages.Count - 1] = _pages[^1];
    }
}
