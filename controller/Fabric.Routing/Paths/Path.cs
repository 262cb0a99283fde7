namespace Fabric.Routing;

[Flags]
internal enum PathFlags : byte
{
    None = 0,

    /// <summary>The slot is in use.</summary>
    Live = 1,

    /// <summary>In a VRF's table, published there by an agent.</summary>
    Primary = 2,

    /// <summary>In the VPN table, the copy of a primary path.</summary>
    Exported = 4,

    /// <summary>In a VRF's table, brought there by a route target.</summary>
    Imported = 8,

    /// <summary>Kept over its peer's restart, not yet advertised again (RFC 4724).</summary>
    Stale = 16,

    /// <summary>Kept beyond the restart time (RFC 9494).</summary>
    LongLivedStale = 32,

    /// <summary>Feasible and as good as the best path up to MED.</summary>
    Equal = 64,

    /// <summary>Its peer has given it an identifier (RFC 7911).</summary>
    HasId = 128,
}

/// <summary>One candidate of a route: who says it, with which attributes and label. Links are indices into the <see cref="PathPool"/>.</summary>
internal struct Path
{
    public const int None = -1;

    /// <summary>The interned attribute set, of which this path holds one reference.</summary>
    public int Attributes;
    public uint Label;
    public ushort Source;
    public PathFlags Flags;

    /// <summary>Why the path takes no part in the choice; <see cref="RejectReason.None"/> for a feasible one.</summary>
    public RejectReason Infeasible;
    public int Table;
    public int Route;

    /// <summary>The next path of the route, in order of preference; in a free slot, the next free slot.</summary>
    public int Next;

    /// <summary>In a table with route targets: the neighbours in the list of paths with the same attribute set.</summary>
    public int NextOfSet;
    public int PreviousOfSet;

    /// <summary>In the VPN table the first path imported from this one; in an imported path the next one of the same origin.</summary>
    public int Imports;

    /// <summary>
    /// In a VRF's table, which has no such list, in the place of one of its links. Imported: the VPN path it comes from. Primary: its exported path.
    /// The other way round it is <see cref="PathPool.PrimaryOf"/>.
    /// </summary>
    public int Origin
    {
        readonly get => PreviousOfSet;
        set => PreviousOfSet = value;
    }

    public readonly bool Is(PathFlags flags) => (Flags & flags) != PathFlags.None;
}
