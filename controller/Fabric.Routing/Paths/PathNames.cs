using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>What tells a path from the others of its route and source: their number for it, and where it was imported from.</summary>
/// <param name="ImportedFrom">The table of the path that it is an import of; null for others.</param>
internal readonly record struct PathNames(uint PathId, int? ImportedFrom, RouteDistinguisher ImportedRd)
{
    public static PathNames Of(RouteShard shard, int index)
    {
        ref var path = ref shard.Paths[index];
        return path.Is(PathFlags.Imported)
            ? new PathNames(shard.PathIdOf(path.Origin), shard.Paths[path.Origin].Table, shard.RdOf(path.Origin))
            : new PathNames(shard.PathIdOf(index), null, default);
    }

    /// <summary>What <see cref="KeptIn"/> made.</summary>
    public static PathNames KeptBy(in Path ended) =>
        ended.Is(PathFlags.Imported)
            ? new PathNames((uint)ended.Origin, ended.Imports, new RouteDistinguisher((ulong)(uint)ended.Attributes << 32 | ended.Label))
            : new PathNames((uint)ended.Origin, null, default);

    /// <summary>The place of a path that is gone: of its contents only source, table and route are left, and these names.</summary>
    public Path KeptIn(in Path path) =>
        new()
        {
            Source = path.Source,
            Table = path.Table,
            Route = path.Route,
            Flags = ImportedFrom is null ? PathFlags.None : PathFlags.Imported,
            Origin = (int)PathId,
            Imports = ImportedFrom ?? Path.None,
            Attributes = (int)(ImportedRd.Value >> 32),
            Label = (uint)ImportedRd.Value,
        };
}
