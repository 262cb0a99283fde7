using Fabric.Primitives;

namespace Fabric.Agent.Core.Routes;

/// <summary>
/// The controllers' VRF tables as this agent holds them: a path per controller for each prefix. Every change leaves its
/// prefix among <see cref="Changed"/> until the tables were compiled again.
/// </summary>
public sealed class RouteMirror
{
    private readonly Dictionary<string, Dictionary<IpPrefix, RoutePath[]>> _vrfs = [];

    public HashSet<VrfPrefix> Changed { get; } = [];

    public int PathCount { get; private set; }

    public IEnumerable<IpPrefix> Prefixes(string vrf) => _vrfs.TryGetValue(vrf, out var routes) ? routes.Keys : [];

    public ReadOnlySpan<RoutePath> Paths(string vrf, IpPrefix prefix) =>
        _vrfs.TryGetValue(vrf, out var routes) && routes.TryGetValue(prefix, out var paths) ? paths : [];

    public void Update(string controller, VrfPrefix key, RemoteRoute route)
    {
        if (!_vrfs.TryGetValue(key.Vrf, out var routes))
        {
            _vrfs.Add(key.Vrf, routes = []);
        }

        var path = new RoutePath(controller, route, IsStale: false);
        var paths = routes.GetValueOrDefault(key.Prefix, []);
        var index = Array.FindIndex(paths, known => known.Controller == controller);
        if (index < 0)
        {
            routes[key.Prefix] = [.. paths, path];
            PathCount++;
            Changed.Add(key);
        }
        else if (paths[index] != path)
        {
            paths[index] = path;
            Changed.Add(key);
        }
    }

    /// <summary>
    /// Removes the controller's path, and with it every stale one: what a living controller withdraws is newer than what a
    /// lost one said.
    /// </summary>
    public void Retract(string controller, VrfPrefix key)
    {
        if (_vrfs.TryGetValue(key.Vrf, out var routes))
        {
            RemovePaths(routes, key, path => path.Controller == controller || path.IsStale);
        }
    }

    /// <summary>The session ended: the controller's paths stay, behind every fresh one.</summary>
    public void MarkStale(string controller)
    {
        foreach (var (vrf, routes) in _vrfs)
        {
            foreach (var (prefix, paths) in routes)
            {
                var index = Array.FindIndex(paths, path => path.Controller == controller);
                if (index >= 0 && !paths[index].IsStale)
                {
                    paths[index] = paths[index] with { IsStale = true };
                    Changed.Add(new VrfPrefix(vrf, prefix));
                }
            }
        }
    }

    /// <summary>Removes the stale paths of the controllers that the predicate names.</summary>
    public void Sweep(Predicate<string> controllers)
    {
        foreach (var (vrf, routes) in _vrfs)
        {
            foreach (var prefix in routes.Keys)
            {
                RemovePaths(routes, new VrfPrefix(vrf, prefix), path => path.IsStale && controllers(path.Controller));
            }
        }
    }

    /// <summary>The VRF is no longer subscribed.</summary>
    public void Drop(string vrf)
    {
        if (_vrfs.Remove(vrf, out var routes))
        {
            PathCount -= routes.Values.Sum(paths => paths.Length);
            Changed.UnionWith(routes.Keys.Select(prefix => new VrfPrefix(vrf, prefix)));
        }
    }

    public IEnumerable<string> Vrfs => _vrfs.Keys;

    private void RemovePaths(Dictionary<IpPrefix, RoutePath[]> routes, VrfPrefix key, Predicate<RoutePath> condition)
    {
        if (!routes.TryGetValue(key.Prefix, out var paths) || !Array.Exists(paths, condition))
        {
            return;
        }

        var left = Array.FindAll(paths, path => !condition(path));
        PathCount -= paths.Length - left.Length;
        Changed.Add(key);
        if (left.Length == 0)
        {
            routes.Remove(key.Prefix);
        }
        else
        {
            routes[key.Prefix] = left;
        }
    }
}
