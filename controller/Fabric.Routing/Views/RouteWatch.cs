namespace Fabric.Routing;

/// <summary>
/// What a reader of path changes has been told, and what it has still to be told, without a copy of the tables: some bits a path.
/// <code>
/// told      the reader has the path, so that its end has to be said
/// changed   the path is new, or another one than the reader was told
/// ended     the path was told and is gone: its place in the pool stays taken, by what names it, until its end is said
/// </code>
/// Ends are read first, so that a path that came back meanwhile is the changed one that the reader has, and not a second one.
/// </summary>
internal sealed class RouteWatch(bool isBestOnly)
{
    /// <summary>Only the best path of a route is told.</summary>
    public bool IsBestOnly => isBestOnly;

    public RouteLog Told { get; } = new();

    public RouteLog Changed { get; } = new();

    public RouteLog Ended { get; } = new();

    /// <summary>Tables with routes that stay for an end to be said.</summary>
    public List<RouteTable> Ending { get; } = [];

    /// <summary>Tables of VRFs that are gone, as long as they are among those.</summary>
    public HashSet<RouteTable> Removed { get; } = [];

    /// <summary>Peers that are gone, by their numbers, which nobody else gets before the ends of their paths are said.</summary>
    public Dictionary<int, Peer> Departed { get; } = [];

    /// <summary>So many changes there were; a path that is changed twice before it is read counts twice.</summary>
    public long Noted { get; private set; }

    public bool IsEmpty => Changed.Count == 0 && Ended.Count == 0 && Ending.Count == 0;

    public long MemoryBytes => Told.MemoryBytes + Changed.MemoryBytes + Ended.MemoryBytes;

    public void Note(int path)
    {
        Noted++;
        Changed.Add(path);
    }
}
