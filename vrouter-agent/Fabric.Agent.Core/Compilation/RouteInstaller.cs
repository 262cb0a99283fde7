using Fabric.Agent.Core.Routes;
using Fabric.Agent.Core.Tables;
using Fabric.Model.Datapath;

namespace Fabric.Agent.Core.Compilation;

/// <summary>Keeps the data plane's route table, and the next hops that its routes use, equal to what was compiled.</summary>
public sealed class RouteInstaller(DeltaTable<RouteTableKey, RouteEntry> table, NextHopTable nextHops)
{
    private readonly Dictionary<VrfPrefix, (RouteTableKey Key, CompiledRoute Route)> _installed = [];
    private readonly HashSet<VrfPrefix> _unresolved = [];

    public IReadOnlyCollection<VrfPrefix> Installed => _installed.Keys;

    /// <summary>Routes of controllers that have no usable next hop.</summary>
    public int UnresolvedCount => _unresolved.Count;

    /// <param name="prefix">The route's VRF, by name, and prefix.</param>
    /// <param name="route">What should be; null: nothing.</param>
    /// <param name="isKnown">Whether any controller has such a route, though it cannot be used.</param>
    /// <param name="vrf">Id of the VRF.</param>
    /// <param name="vifOf">The vif of an active port.</param>
    public void Install(VrfPrefix prefix, CompiledRoute? route, bool isKnown, uint vrf, Func<string, uint> vifOf)
    {
        var key = new RouteTableKey(vrf, prefix.Prefix);
        var hadOne = _installed.TryGetValue(prefix, out var known);
        if (hadOne && known.Key == key && known.Route == route)
        {
            return;
        }

        // The new next hop is taken before the old one is let go, so that one used by both never leaves the table.
        var nextHop = route is null ? null : nextHops.Acquire(route.NextHop, vifOf);
        if (nextHop is { } id)
        {
            table.Set(key, Compile(key, route!, id));
            _installed[prefix] = (key, route!);
            _unresolved.Remove(prefix);
        }
        else
        {
            Track(prefix, isKnown);
            _installed.Remove(prefix);
        }

        if (hadOne)
        {
            if (nextHop is null || known.Key != key)
            {
                table.Remove(known.Key);
            }

            nextHops.Release(known.Route.NextHop);
        }
    }

    private void Track(VrfPrefix prefix, bool isUnresolved)
    {
        if (isUnresolved)
        {
            _unresolved.Add(prefix);
        }
        else
        {
            _unresolved.Remove(prefix);
        }
    }

    private static RouteEntry Compile(RouteTableKey key, CompiledRoute route, uint nextHop)
    {
        var entry = new RouteEntry
        {
            Vrf = key.Vrf,
            Prefix = key.Prefix.Address.Ipv4,
            Length = key.Prefix.Length,
            NextHop = nextHop,
            Label = route.Label,
            Network = route.Network,
        };
        entry.SecurityGroups.AddRange(route.SecurityGroups);
        return entry;
    }
}
