using System.Runtime.InteropServices;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing;

public enum UpdateKind : byte
{
    Advertise,
    Withdraw,
    EndOfRib,
}

/// <summary>One thing to tell some receivers. A route's paths are in <see cref="UpdateBatch.PathsOf"/>; End-of-RIB has only a family.</summary>
public readonly record struct RouteUpdate(
    UpdateKind Kind,
    RouteTableKind Table,
    ReceiverSet Receivers,
    RouteKey Key,
    AddressFamily Family,
    int FirstPath,
    int PathCount
);

/// <summary>
/// A path as it is advertised. Updates that follow each other with the same <see cref="Attributes"/> instance can share an UPDATE. The RD is that
/// of the VPN route; zero for a path published in this VRF and for a membership.
/// </summary>
public readonly record struct AdvertisedPath(
    PathAttributes Attributes,
    MplsLabel Label,
    RouteDistinguisher RouteDistinguisher,
    PeerId Source
);

/// <summary>A buffer for <see cref="RoutingCore.Read"/>, made once and filled again and again.</summary>
public sealed class UpdateBatch
{
    private readonly List<RouteUpdate> _updates = [];
    private readonly List<AdvertisedPath> _paths = [];

    /// <summary>What was read, in order. Valid until the next read.</summary>
    public ReadOnlySpan<RouteUpdate> Updates => CollectionsMarshal.AsSpan(_updates);

    /// <summary>The best path; for agents all equal paths, the best first, one for each next hop and label.</summary>
    public ReadOnlySpan<AdvertisedPath> PathsOf(in RouteUpdate update) =>
        CollectionsMarshal.AsSpan(_paths).Slice(update.FirstPath, update.PathCount);

    internal int PathCount => _paths.Count;

    internal int UpdateCount => _updates.Count;

    internal void Clear()
    {
        _updates.Clear();
        _paths.Clear();
    }

    internal void Add(in RouteUpdate update) => _updates.Add(update);

    internal void Add(in AdvertisedPath path) => _paths.Add(path);
}
