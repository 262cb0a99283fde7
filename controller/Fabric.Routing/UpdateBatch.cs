using System.Buffers;
using System.Runtime.InteropServices;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing;

public enum UpdateKind : byte
{
    Advertise,
    Withdraw,
    EndOfRib,

    /// <summary>What the receiver has asked to be sent again begins here, for it to be told with a mark (RFC 7313, BoRR).</summary>
    BeginOfRefresh,

    /// <summary>It ends here (EoRR).</summary>
    EndOfRefresh,
}

/// <summary>One thing to tell some receivers. A route's paths are in <see cref="UpdateBatch.PathsOf"/>; End-of-RIB and marks have only a family.</summary>
public readonly record struct RouteUpdate(
    UpdateKind Kind,
    RouteTableKind Table,
    ReceiverSet Receivers,
    RouteKey Key,
    AddressFamily Family,
    int FirstPath,
    int PathCount
)
{
    /// <summary>Identifies the path, where receivers take several (RFC 7911); else 0. Such an update is about one path.</summary>
    public uint PathId { get; init; }

    internal int EvpnRoute { get; init; }

    public bool IsRefreshMark => Kind is UpdateKind.BeginOfRefresh or UpdateKind.EndOfRefresh;
}

/// <summary>
/// A path as it is advertised; its attributes are the batch's to give. The RD is that of the VPN route; zero for a path published in this VRF and
/// for a membership. The label is not that of an EVPN route, which has all of it in <see cref="UpdateBatch.EvpnRouteOf"/>.
/// </summary>
public readonly record struct AdvertisedPath(
    ExportedAttributes Attributes,
    MplsLabel Label,
    RouteDistinguisher RouteDistinguisher,
    PeerId Source
);

/// <summary>An attribute set of a batch. Updates that follow each other with equal ones can share an UPDATE.</summary>
public readonly record struct ExportedAttributes
{
    internal ExportedAttributes(PathAttributes value) => Value = value;

    internal ExportedAttributes(int start, int length)
    {
        Start = start;
        Length = length;
    }

    /// <summary>Of a path for agents; for BGP peers the set is bytes of the batch.</summary>
    internal PathAttributes? Value { get; }

    internal int Start { get; }

    internal int Length { get; }
}

/// <summary>A buffer for <see cref="RoutingCore.Read"/>, made once and filled again and again.</summary>
public sealed class UpdateBatch
{
    private readonly List<RouteUpdate> _updates = [];
    private readonly List<AdvertisedPath> _paths = [];
    private readonly List<EvpnNlri> _evpnRoutes = [];
    private readonly ArrayBufferWriter<byte> _stored = new();

    /// <summary>What was read, in order. Valid until the next read.</summary>
    public ReadOnlySpan<RouteUpdate> Updates => CollectionsMarshal.AsSpan(_updates);

    /// <summary>The best path; for agents all equal paths, the best first, one for each next hop and label.</summary>
    public ReadOnlySpan<AdvertisedPath> PathsOf(in RouteUpdate update) =>
        CollectionsMarshal.AsSpan(_paths).Slice(update.FirstPath, update.PathCount);

    /// <summary>The route of an update in <see cref="RouteTableKind.Evpn"/>; of a withdrawal only the key counts.</summary>
    public EvpnNlri EvpnRouteOf(in RouteUpdate update) => _evpnRoutes[update.EvpnRoute];

    /// <summary>A set to be looked into.</summary>
    public PathAttributes AttributesOf(in AdvertisedPath path) => path.Attributes.Value ?? StoredAttributes.Read(StoredAttributesOf(path));

    /// <summary>The set of a path for BGP peers, in the form of <see cref="StoredAttributes"/>.</summary>
    public ReadOnlySpan<byte> StoredAttributesOf(in AdvertisedPath path) =>
        _stored.WrittenSpan.Slice(path.Attributes.Start, path.Attributes.Length);

    /// <summary>Counts the fillings.</summary>
    internal long Version { get; private set; }

    internal int PathCount => _paths.Count;

    internal ReadOnlySpan<AdvertisedPath> Paths => CollectionsMarshal.AsSpan(_paths);

    internal int UpdateCount => _updates.Count;

    /// <summary>Empties the batch, for one that is filled route by route.</summary>
    public void Clear()
    {
        _updates.Clear();
        _paths.Clear();
        _evpnRoutes.Clear();
        _stored.ResetWrittenCount();
        Version++;
    }

    internal void Add(in RouteUpdate update) => _updates.Add(update);

    internal void Add(in AdvertisedPath path) => _paths.Add(path);

    internal int Add(in EvpnNlri route)
    {
        _evpnRoutes.Add(route);
        return _evpnRoutes.Count - 1;
    }

    /// <summary>Room for a set, to be taken by <see cref="AddStored"/>.</summary>
    internal Span<byte> StoredRoom(int length) => _stored.GetSpan(length);

    internal ExportedAttributes AddStored(int length)
    {
        var start = _stored.WrittenCount;
        _stored.Advance(length);
        return new ExportedAttributes(start, length);
    }
}
