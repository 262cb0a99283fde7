namespace Fabric.Routing;

/// <summary>Which receivers of a group hold which paths of a route, where they are told several: a node for each path that somebody holds.</summary>
internal sealed class AnnouncedPaths
{
    private struct Node
    {
        public ulong Receivers;
        public uint PathId;

        /// <summary>One more than the next of the route; in a free node, than the next free one. Zero at the end.</summary>
        public int Next;
    }

    private readonly StableArray<int> _first = new(firstBits: 6);
    private readonly StableArray<Node> _nodes = new();
    private int _extent;
    private int _firstFree;

    public long MemoryBytes => _first.MemoryBytes + _nodes.MemoryBytes;

    /// <summary>Adds what these receivers hold of the route to the list.</summary>
    public void Collect(int route, ulong receivers, List<(uint PathId, ulong Receivers)> held)
    {
        for (var next = route < _first.Capacity ? _first[route] : 0; next != 0; next = _nodes[next - 1].Next)
        {
            ref var node = ref _nodes[next - 1];
            if ((node.Receivers & receivers) != 0)
            {
                held.Add((node.PathId, node.Receivers & receivers));
            }
        }
    }

    public void Add(int route, uint pathId, ulong receivers)
    {
        _first.EnsureCapacity(route + 1);
        for (var next = _first[route]; next != 0; next = _nodes[next - 1].Next)
        {
            if (_nodes[next - 1].PathId == pathId)
            {
                _nodes[next - 1].Receivers |= receivers;
                return;
            }
        }

        var index = Allocate();
        _nodes[index] = new Node
        {
            Receivers = receivers,
            PathId = pathId,
            Next = _first[route],
        };
        _first[route] = index + 1;
    }

    /// <summary>These receivers hold nothing of the route any more.</summary>
    public void Remove(int route, ulong receivers)
    {
        if (route >= _first.Capacity)
        {
            return;
        }

        ref var link = ref _first[route];
        while (link != 0)
        {
            var index = link - 1;
            ref var node = ref _nodes[index];
            node.Receivers &= ~receivers;
            if (node.Receivers != 0)
            {
                link = ref node.Next;
                continue;
            }

            link = node.Next;
            node = new Node { Next = _firstFree };
            _firstFree = index + 1;
        }
    }

    public void Free()
    {
        _first.Free();
        _nodes.Free();
    }

    private int Allocate()
    {
        if (_firstFree != 0)
        {
            var free = _firstFree - 1;
            _firstFree = _nodes[free].Next;
            return free;
        }

        _nodes.EnsureCapacity(_extent + 1);
        return _extent++;
    }
}
