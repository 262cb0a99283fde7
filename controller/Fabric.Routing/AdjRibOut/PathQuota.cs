using System.Runtime.CompilerServices;

namespace Fabric.Routing;

/// <summary>
/// Counts how many paths of a route each receiver of a group is told, for all of them at a time: the counts stand upright, a word for each of their
/// bits. They begin so high that the count of who has reached the limit overflows.
/// </summary>
internal struct PathQuota
{
    private const int CountBits = 8;

    private Counts _counts;

    [InlineArray(CountBits)]
    private struct Counts
    {
        private ulong _first;
    }

    /// <param name="limit">None: nobody is ever full.</param>
    public PathQuota(byte? limit)
    {
        HasLimit = limit is not null;
        var begin = (1 << CountBits) - (limit ?? 0);
        for (var bit = 0; bit < CountBits; bit++)
        {
            _counts[bit] = (begin >> bit & 1) == 0 ? 0 : ulong.MaxValue;
        }
    }

    /// <summary>The receivers that have as many as they may.</summary>
    public ulong Full { get; private set; }

    private readonly bool HasLimit { get; }

    /// <summary>These receivers, none of them full, are told one more.</summary>
    public void Count(ulong receivers)
    {
        if (!HasLimit)
        {
            return;
        }

        for (var bit = 0; bit < CountBits; bit++)
        {
            (_counts[bit], receivers) = (_counts[bit] ^ receivers, _counts[bit] & receivers);
        }

        Full |= receivers;
    }
}
