using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Agents;

/// <summary>
/// Names the network that a path is from, for agents: the one that exports a route target of the path, or the table's own. Owned by the routing loop.
/// </summary>
internal sealed class NetworkNames
{
    private readonly Dictionary<RouteTarget, string> _byExportTarget = [];
    private readonly Dictionary<string, (string Network, EquatableArray<RouteTarget> Targets)> _vrfs = [];

    public void Set(string vrf, string network, EquatableArray<RouteTarget> exportTargets)
    {
        Remove(vrf);
        _vrfs[vrf] = (network, exportTargets);
        foreach (var target in exportTargets)
        {
            // A target that two networks export names neither for sure; the first keeps it.
            _byExportTarget.TryAdd(target, network);
        }
    }

    public void Remove(string vrf)
    {
        if (!_vrfs.Remove(vrf, out var former))
        {
            return;
        }

        foreach (var target in former.Targets)
        {
            if (_byExportTarget.GetValueOrDefault(target) != former.Network)
            {
                continue;
            }

            _byExportTarget.Remove(target);
            foreach (var other in _vrfs.Values.Where(other => other.Targets.AsSpan().Contains(target)).Take(1))
            {
                _byExportTarget.Add(target, other.Network);
            }
        }
    }

    /// <param name="vrf">The table that has the path. One of its own members' has no route target there: those are put on where it is exported.</param>
    public string? Of(PathAttributes attributes, string vrf)
    {
        var isExported = false;
        foreach (var community in attributes.ExtendedCommunities)
        {
            if (!community.IsRouteTarget)
            {
                continue;
            }

            isExported = true;
            if (_byExportTarget.TryGetValue(new RouteTarget(community.Value), out var network))
            {
                return network;
            }
        }

        return isExported ? null : _vrfs.GetValueOrDefault(vrf).Network;
    }
}
