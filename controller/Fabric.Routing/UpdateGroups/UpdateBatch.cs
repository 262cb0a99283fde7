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

/// <summary>
/// One thing to tell some receivers. A route's paths are in <see cref="UpdateBatch.PathsOf"/>; End-of-RIB and marks have only a family. It is written
/// where it stands in its batch, not made and copied.
/// </summary>
public record struct RouteUpdate
{
    public UpdateKind Kind { readonly get; internal set; }

    public RouteTableKind Table { readonly get; internal set; }

    public ReceiverSet Receivers { readonly get; internal set; }

    public RouteKey Key { readonly get; internal set; }

    public AddressFamily Family { readonly get; internal set; }

    public int FirstPath { readonly get; internal set; }

    public int PathCount { readonly get; internal set; }

    /// <summary>Identifies the path, where receivers take several (RFC 7911); else 0. Such an update is about one path.</summary>
    public uint PathId { readonly get; internal set; }

    internal int EvpnRoute { readonly get; set; }

    public readonly bool IsRefreshMark => Kind is UpdateKind.BeginOfRefresh or UpdateKind.EndOfRefresh;
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
    private readonly List<AdvertisedPath> _paths = [];
    private readonly List<EvpnNlri> _evpnRoutes = [];
    private readonly ArrayBufferWriter<byte> _stored = new();
    private RouteUpdate[] _updates = new RouteUpdate[64];

    /// <summary>What was read, in order. Valid until the next read.</summary>
    public ReadOnlySpan<RouteUpdate> Updates => _updates.AsSpan(0, UpdateCount);

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

    internal int UpdateCount { get; private set; }

    /// <summary>Empties the batch, for one that is filled route by route.</summary>
    public void Clear()
    {
        UpdateCount = 0;
        _paths.Clear();
        _evpnRoutes.Clear();
        _stored.ResetWrittenCount();
        Version++;
    }

    /// <summary>The next update, to be written; it has what another one left.</summary>
    internal ref RouteUpdate Append()
    {
        if (UpdateCount == _updates.Length)
        {
            Array.Resize(ref _updates, 2 * UpdateCount);
        }

        return ref _updates[UpdateCount++];
    }

    internal void Add(in RouteUpdate update) => Append() = update;

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
