using System.Collections.Frozen;
using Fabric.Primitives;

namespace Fabric.Routing.Policies;

/// <summary>A prefix list that takes one look-up for each length of prefix that occurs in it, however long the list is.</summary>
internal sealed class PrefixList
{
    private readonly FrozenDictionary<IpPrefix, PrefixRange[]> _ranges;
    private readonly byte[] _lengths;

    public PrefixList(EquatableArray<PrefixRange> ranges)
    {
        _ranges = ranges.GroupBy(r => r.Prefix).ToFrozenDictionary(g => g.Key, g => g.ToArray());
        _lengths = [.. ranges.Select(r => r.Prefix.Length).Distinct().Order()];
    }

    public bool IsEmpty => _lengths.Length == 0;

    public bool Contains(IpPrefix prefix)
    {
        if (prefix.Address.IsNone)
        {
            return false;
        }

        foreach (var length in _lengths)
        {
            if (length > prefix.Length)
            {
                return false;
            }

            if (_ranges.TryGetValue(new IpPrefix(prefix.Address, length), out var ranges) && ContainsLength(ranges, prefix.Length))
            {
                return true;
            }
        }

        return false;
    }

    private static bool ContainsLength(PrefixRange[] ranges, byte length)
    {
        foreach (var range in ranges)
        {
            if (length >= range.Shortest && length <= range.Longest)
            {
                return true;
            }
        }

        return false;
    }
}
