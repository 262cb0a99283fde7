using Fabric.Primitives;

namespace Fabric.Config.Allocation;

/// <summary>Numbers given in order. The position of each sequence is part of the transaction that takes from it.</summary>
internal sealed class Sequences(IEnumerable<SequencePosition> positions)
{
    private readonly SortedDictionary<string, uint> _next = new(
        positions.ToDictionary(position => position.Sequence, position => position.Next)
    );

    /// <summary>The next number that nothing uses already (an imported object may have brought its own); it is in use from then on.</summary>
    public uint Take(string sequence, uint first, HashSet<uint> used)
    {
        var number = _next.GetValueOrDefault(sequence, first);
        while (!used.Add(number))
        {
            number++;
        }

        _next[sequence] = number + 1;
        return number;
    }

    public EquatableArray<SequencePosition> ToAllocations() => [.. _next.Select(entry => new SequencePosition(entry.Key, entry.Value))];
}
