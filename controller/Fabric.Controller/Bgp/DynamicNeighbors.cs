using System.Diagnostics.CodeAnalysis;
using Fabric.Controller.Options;
using Fabric.Intent;
using Fabric.Primitives;

namespace Fabric.Controller.Bgp;

/// <summary>
/// Speakers that connect from a prefix of the options; each is a neighbour as long as it has a session or routes that are kept for it, and is remembered
/// as long as it has to rest.
/// </summary>
internal sealed class DynamicNeighbors(EquatableArray<DynamicNeighborOptions> ranges)
{
    private const string NamePrefix = "dynamic/";

    private readonly DynamicNeighborOptions[] _longestFirst = [.. ranges.OrderByDescending(range => range.Prefix.Length)];

    /// <summary>No object can have such a name.</summary>
    public static bool IsDynamic(BgpNeighborIntent intent) => intent.Name.StartsWith(NamePrefix, StringComparison.Ordinal);

    /// <summary>The neighbour at an address; null where the longest prefix that holds it is down, or there is none.</summary>
    public BgpNeighborIntent? Find(IpAddress address) =>
        RangeOf(address) is { Settings.AdminDown: false } range
            ? new BgpNeighborIntent(NamePrefix + address, address, range.Settings, $"connected from {range.Prefix}")
            : null;

    /// <param name="present">The dynamic neighbours with sessions or routes; those of one prefix have its limit.</param>
    public bool TryCreate(IpAddress address, IEnumerable<BgpNeighborIntent> present, [NotNullWhen(true)] out BgpNeighborIntent? intent)
    {
        intent = Find(address);
        if (intent is null || RangeOf(address) is not { } range || present.Count(other => RangeOf(other.Address) == range) >= range.Limit)
        {
            intent = null;
        }

        return intent is not null;
    }

    /// <summary>
    /// Of neighbours that are only remembered, the one that is to be forgotten since its prefix has more of them than it takes: the one whose rest is over
    /// first, and one that was above a limit of prefixes only among such. Null: none has to.
    /// </summary>
    /// <param name="address">One of them, which decides the prefix.</param>
    public BgpNeighbor? Surplus(IpAddress address, IEnumerable<BgpNeighbor> remembered)
    {
        var range = RangeOf(address);
        var same = remembered.Where(other => RangeOf(other.Intent.Address) == range).ToList();
        return same.Count > range?.Limit ? same.MinBy(other => (other.Peer.IsOverPrefixLimit, other.Peer.Probation)) : null;
    }

    private DynamicNeighborOptions? RangeOf(IpAddress address) => Array.Find(_longestFirst, range => range.Prefix.Contains(address));
}
