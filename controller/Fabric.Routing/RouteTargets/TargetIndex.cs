using System.Runtime.InteropServices;

namespace Fabric.Routing;

/// <summary>From a route target to the attribute sets that carry it, and from a set to its targets: a node for each pair, in two lists.</summary>
internal sealed class TargetIndex
{
    private struct Node
    {
        public ulong Target;
        public int Set;

        /// <summary>The next of the target; in a free node, the next free one.</summary>
        public int NextOfTarget;
        public int PreviousOfTarget;
        public int NextOfSet;
    }

    public const int None = -1;

    private readonly Dictionary<ulong, int> _firstOfTarget = [];
    private readonly StableArray<Node> _nodes = new();
    private int _extent;
    private int _firstFree = None;

    public long MemoryBytes => _nodes.MemoryBytes;

    /// <summary>Puts a node before the others of its set and returns it.</summary>
    public int Add(ulong target, int set, int nextOfSet)
    {
        var index = Allocate();
        ref var first = ref CollectionsMarshal.GetValueRefOrAddDefault(_firstOfTarget, target, out var known);
        var next = known ? first : None;
        _nodes[index] = new Node
        {
            Target = target,
            Set = set,
            NextOfTarget = next,
            PreviousOfTarget = None,
            NextOfSet = nextOfSet,
        };
        if (next != None)
        {
            _nodes[next].PreviousOfTarget = index;
        }

        first = index;
        return index;
    }

    /// <summary>Removes a set's nodes, given its first.</summary>
    public void Remove(int firstOfSet)
    {
        for (var index = firstOfSet; index != None; )
        {
            ref var node = ref _nodes[index];
            var next = node.NextOfSet;
            Unlink(node);
            node = new Node { NextOfTarget = _firstFree };
            _firstFree = index;
            index = next;
        }
    }

    public IEnumerable<int> SetsOf(ulong target)
    {
        for (var index = _firstOfTarget.GetValueOrDefault(target, None); index != None; index = _nodes[index].NextOfTarget)
        {
            yield return _nodes[index].Set;
        }
    }

    private void Unlink(in Node node)
    {
        if (node.NextOfTarget != None)
        {
            _nodes[node.NextOfTarget].PreviousOfTarget = node.PreviousOfTarget;
        }

        if (node.PreviousOfTarget != None)
        {
            _nodes[node.PreviousOfTarget].NextOfTarget = node.NextOfTarget;
        }
        else if (node.NextOfTarget != None)
        {
            _firstOfTarget[node.Target] = node.NextOfTarget;
        }
        else
        {
            _firstOfTarget.Remove(node.Target);
        }
    }

    private int Allocate()
    {
        if (_firstFree != None)
        {
            var free = _firstFree;
            _firstFree = _nodes[free].NextOfTarget;
            return free;
        }

        _nodes.EnsureCapacity(_extent + 1);
        return _extent++;
    }
}
