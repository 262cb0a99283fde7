using System.Text.RegularExpressions;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing.Policies;

/// <summary>The conditions of a term; what is cheap is asked first.</summary>
internal sealed class CompiledMatch(PolicyMatch match)
{
    private const uint DefaultLocalPreference = 100;

    private readonly PrefixList _prefixes = new(match.Prefixes);
    private readonly Regex[] _asPaths = [.. match.AsPaths.Select(p => p.ToRegex())];
    private readonly uint _sources = BitsOf(match.Sources.Select(s => (int)s));
    private readonly uint _origins = BitsOf(match.Origins.Select(o => (int)o));

    public bool DependsOnPrefix { get; } = !match.Prefixes.IsEmpty || !match.RouteDistinguishers.IsEmpty;

    public bool Fits(PathAttributes attributes, PeerDefinition source, in PolicyRoute route, AsPathText pathText) =>
        FitsRoute(route)
        && FitsSource(source)
        && FitsValues(attributes)
        && FitsCommunities(attributes)
        && FitsPath(attributes.AsPath, pathText);

    private bool FitsRoute(in PolicyRoute route) =>
        IsEmptyOrHas(match.Families, route.Family)
        && IsEmptyOrHas(match.RouteDistinguishers, route.RouteDistinguisher)
        && (_prefixes.IsEmpty || _prefixes.Contains(route.Prefix));

    private bool FitsSource(PeerDefinition source)
    {
        if (!FitsBits(_sources, (int)source.Kind))
        {
            return false;
        }

        foreach (var neighbor in match.Neighbors)
        {
            if (neighbor.Fits(source))
            {
                return true;
            }
        }

        return match.Neighbors.IsEmpty;
    }

    private bool FitsValues(PathAttributes attributes) =>
        FitsBits(_origins, (int)attributes.Origin)
        && match.LocalPreference?.Contains(attributes.LocalPref ?? DefaultLocalPreference) != false
        && match.MultiExitDisc?.Contains(attributes.MultiExitDisc ?? 0) != false
        && FitsNextHop(attributes.NextHop);

    private bool FitsNextHop(IpAddress nextHop)
    {
        foreach (var prefix in match.NextHops)
        {
            if (prefix.Contains(nextHop))
            {
                return true;
            }
        }

        return match.NextHops.IsEmpty;
    }

    private bool FitsCommunities(PathAttributes attributes)
    {
        foreach (var pattern in match.AllCommunities)
        {
            if (!pattern.FitsAny(attributes))
            {
                return false;
            }
        }

        foreach (var pattern in match.NoCommunities)
        {
            if (pattern.FitsAny(attributes))
            {
                return false;
            }
        }

        foreach (var pattern in match.AnyCommunity)
        {
            if (pattern.FitsAny(attributes))
            {
                return true;
            }
        }

        return match.AnyCommunity.IsEmpty;
    }

    private bool FitsPath(AsPath path, AsPathText pathText)
    {
        if (
            match.AsPathLength?.Contains((uint)path.Length) == false
            || !IsEmptyOrHas(match.NeighborAs, path.NeighborAs)
            || !IsEmptyOrHas(match.OriginAs, OriginAsOf(path))
        )
        {
            return false;
        }

        foreach (var pattern in _asPaths)
        {
            if (pattern.IsMatch(pathText.Of(path)))
            {
                return true;
            }
        }

        return _asPaths.Length == 0;
    }

    private static AsNumber? OriginAsOf(AsPath path) =>
        path.Segments.Count > 0 && path.Segments[^1] is { Type: AsPathSegmentType.Sequence, Numbers.Count: > 0 } last
            ? last.Numbers[^1]
            : null;

    private static bool IsEmptyOrHas<T>(EquatableArray<T> items, T item)
        where T : struct, IEquatable<T> => items.IsEmpty || items.AsSpan().Contains(item);

    private static bool IsEmptyOrHas<T>(EquatableArray<T> items, T? item)
        where T : struct, IEquatable<T> => items.IsEmpty || item is { } value && items.AsSpan().Contains(value);

    /// <summary>No bits are no condition.</summary>
    private static bool FitsBits(uint bits, int value) => bits == 0 || (bits >> value & 1) != 0;

    private static uint BitsOf(IEnumerable<int> values) => values.Aggregate(0u, (bits, value) => bits | 1u << value);
}
