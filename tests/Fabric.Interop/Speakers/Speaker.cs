using Fabric.Interop.Machine;
using Fabric.Interop.Routes;

namespace Fabric.Interop.Speakers;

/// <summary>Another maker's daemon: it originates routes, and tells which ones it got.</summary>
internal abstract class Speaker(LanNode node, uint autonomousSystem, IReadOnlyList<Neighbor> neighbors)
    : BgpDaemon(node, autonomousSystem, neighbors)
{
    private readonly List<Route> _originated = [];

    /// <summary>Routes that are there from the start, and those announced since.</summary>
    public IReadOnlyList<Route> Originated => _originated;

    /// <summary>For what is originated from the start: call it before the start.</summary>
    public void Originate(params IEnumerable<Route> routes) => _originated.AddRange(routes);

    /// <summary>Announces a route, in place of one of the same prefix.</summary>
    public async Task AnnounceAsync(Route route)
    {
        var former = Remove(route);
        _originated.Add(route);
        await ApplyAsync(former, route);
    }

    public async Task WithdrawAsync(Route route) => await ApplyAsync(Remove(route), null);

    /// <summary>What it got from its first neighbour and holds, in its own words.</summary>
    public abstract Task<IReadOnlyList<Route>> ReceivedAsync(Family family);

    /// <summary>How many updates it has counted from its first neighbour: messages, or routes where it counts those.</summary>
    public abstract Task<long> UpdatesReceivedAsync();

    /// <summary>How many ROUTE-REFRESH messages it has got from its first neighbour.</summary>
    public abstract Task<long> RefreshesReceivedAsync();

    /// <summary>What it says of how its last session with the first neighbour ended.</summary>
    public abstract Task<string> LastResetAsync();

    /// <summary>Has it ask its first neighbour for all routes of a family again (RFC 2918).</summary>
    public abstract Task RefreshAsync(Family family);

    /// <summary>Has its session with the first neighbour, which its limit has ended, begin anew.</summary>
    public virtual Task ClearPrefixLimitAsync() => throw new NotSupportedException($"{Name} has no limit of prefixes");

    /// <summary>A route as far as the daemon's output tells of it.</summary>
    public virtual Route AsShown(Route route) => route;

    /// <summary>Brings a change of <see cref="Originated"/> to the running daemon.</summary>
    /// <param name="former">Null for a new route.</param>
    /// <param name="current">Null for one that is withdrawn.</param>
    protected abstract Task ApplyAsync(Route? former, Route? current);

    private Route? Remove(Route route)
    {
        var former = _originated.Find(route.IsSame);
        _originated.RemoveAll(route.IsSame);
        return former;
    }
}
