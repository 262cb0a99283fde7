namespace Fabric.Routing;

/// <summary>
/// Changes of every table, path by path and peer by peer, for one reader that follows at its own pace (what BMP tells, RFC 7854, behind the import
/// rules). What changes while it does not read coalesces, at some bits a path; a path that it was told and that is gone keeps its place until then.
/// </summary>
public sealed partial class RoutingCore
{
    /// <summary>From now on changes can be read; all that is there is added.</summary>
    /// <param name="isBestOnly">Of each route only the best path is told: another one is a withdrawal and an addition.</param>
    public void WatchRoutes(bool isBestOnly) => _shard.Watch(isBestOnly);

    /// <summary>Whether <see cref="ReadChanges"/> may have something; false where nobody watches.</summary>
    public bool HasChanges => _shard.RouteWatch is { IsEmpty: false };

    /// <summary>How many paths there are to be looked at.</summary>
    public int UnreadChanges => _shard.RouteWatch is { } watch ? watch.Changed.Count + watch.Ended.Count : 0;

    /// <summary>So many changes there were since the watch began, coalesced ones too: how busy the tables are.</summary>
    public long ChangesNoted => _shard.RouteWatch?.Noted ?? 0;

    /// <summary>
    /// Adds the next changes, each path as it is now. A path is added, then changed any number of times, then withdrawn; one that came and went between
    /// two readings is not told.
    /// </summary>
    /// <param name="changes">Gets as many or fewer.</param>
    /// <param name="maxPaths">So many paths are looked at.</param>
    /// <returns>At how many was looked; 0: nothing is left.</returns>
    public int ReadChanges(List<PathChange> changes, int maxPaths) => _shard.RouteWatch is null ? 0 : _shard.ReadChanges(changes, maxPaths);
}
