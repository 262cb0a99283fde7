using System.Diagnostics.CodeAnalysis;
using Fabric.Primitives;

namespace Fabric.Bgp;

/// <summary>A prefix from which any neighbour may connect, and what its peer is made of.</summary>
public sealed record DynamicNeighborRange(IpPrefix Prefix, BgpPeerOptions Template);

/// <summary>Finds the template of a neighbour that connects without being configured; its peer never connects by itself.</summary>
public sealed class DynamicNeighborRanges(IEnumerable<DynamicNeighborRange> ranges)
{
    private readonly DynamicNeighborRange[] _longestFirst = [.. ranges.OrderByDescending(r => r.Prefix.Length)];

    public bool TryFind(IpAddress neighbor, [NotNullWhen(true)] out BgpPeerOptions? options)
    {
        var range = Array.Find(_longestFirst, r => r.Prefix.Contains(neighbor));
        options = range is null ? null : range.Template with { IsPassive = true };
        return options is not null;
    }
}
