namespace Fabric.Routing;

/// <summary>Paths of one route that their peer tells apart by an identifier (RFC 7911 section 2). Most have none, which is 0.</summary>
internal sealed partial class RouteShard
{
    private readonly StableArray<uint> _pathIds = new(firstBits: 8);

    public long PathIdMemoryBytes => _pathIds.MemoryBytes;

    public uint PathIdOf(int path) => Paths[path].Is(PathFlags.HasId) ? _pathIds[path] : 0;

    private void SetPathId(int path, uint pathId)
    {
        if (pathId != 0)
        {
            _pathIds.EnsureCapacity(path + 1);
            _pathIds[path] = pathId;
            Paths[path].Flags |= PathFlags.HasId;
        }
    }
}
