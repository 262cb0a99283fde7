namespace Fabric.Routing;

/// <summary>
/// Which receivers of a group hold which paths of a route, where they are told several: a node of 24 bytes for each path that somebody holds. Of
/// those who hold it, some may hold it as it was before.
/// </summary>
internal sealed class AnnouncedPaths
{
    private struct Node
    {
        public ulong Receivers;

        /// <summary>Those of them who have to be told what the path is now.</summary>
        public ulong Outdated;
        public uint PathId;

        /// <summary>One more than the next of the route; in a free node, than the next free one. Zero at the end.</summary>
        public int Next;
    }

    private readonly StableArray<int> _first = new(firstBits: 6);
    private readonly StableArray<Node> _nodes = new();
    private int _extent;
    private int _firstFree;

    public long MemoryBytes => _first.MemoryBytes + _nodes.MemoryBytes;

    /// <summary>Adds what these receivers hold of the route to the list, and takes it from them.</summary>
    public void Take(int route, ulong receivers, List<HeldPath> held)
    {
        Collect(route, receivers, held);
        Remove(route, receivers);
    }

    /// <summary>Adds what these receivers hold of the route to the list.</summary>
    public void Collect(int route, ulong receivers, List<HeldPath> held)
    {
        for (var next = FirstOf(route); next != 0; next = _nodes[next - 1].Next)
        {
            ref var node = ref _nodes[next - 1];
            if ((node.Receivers & receivers) != 0)
            {
                held.Add(new HeldPath(node.PathId, node.Receivers & receivers, node.Outdated & receivers));
            }
        }
    }

    public void Add(int route, uint pathId, ulong receivers)
    {
        _first.EnsureCapacity(route + 1);
        if (Find(route, pathId) is var found and not 0)
        {
            _nodes[found - 1].Receivers |= receivers;
            return;
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

    /// <summary>The path is something else now.</summary>
    public void Outdate(int route, uint pathId)
    {
        if (Find(route, pathId) is var found and not 0)
        {
            _nodes[found - 1].Outdated = _nodes[found - 1].Receivers;
        }
    }

    /// <summary>These receivers have to be told of all paths.</summary>
    public void OutdateAll(int route, ulong receivers)
    {
        for (var next = FirstOf(route); next != 0; next = _nodes[next - 1].Next)
        {
            ref var node = ref _nodes[next - 1];
            node.Outdated |= node.Receivers & receivers;
        }
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
            node.Outdated &= ~receivers;
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

    private int FirstOf(int route) => route < _first.Capacity ? _first[route] : 0;

    private int Find(int route, uint pathId)
    {
        var next = FirstOf(route);
        while (next != 0 && _nodes[next - 1].PathId != pathId)
        {
            next = _nodes[next - 1].Next;
        }

        return next;
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
