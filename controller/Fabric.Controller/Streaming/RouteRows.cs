using System.Runtime.CompilerServices;
using Fabric.Analytics;
using Fabric.Controller.Routes;
using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Wire.Bgp;
using PeerKind = Fabric.Analytics.PeerKind;

namespace Fabric.Controller.Streaming;

/// <summary>
/// Makes rows of fabric.routes, on the routing loop and so without text: routes that share their attributes share what will be said of these, and names are
/// those that there are. Only EVPN routes and memberships are named here, as only the RIB can read their keys.
/// </summary>
internal sealed class RouteRows
{
    // As many as the RIB has at hand; in a table's order most routes share attributes with one of the latest.
    private const int LatestSets = 64;

    private readonly AttributeWords?[] _words = new AttributeWords?[LatestSets];
    private (string Source, string Peer) _latest = ("", "");

    public RouteRow RowOf(in PathChange change)
    {
        var (label, secondLabel) = change.Attributes is { } attributes ? LabelsOf(change, attributes) : default;
        return new RouteRow
        {
            Change = change.Kind switch
            {
                PathChangeKind.Added => RouteChange.Added,
                PathChangeKind.Changed => RouteChange.Changed,
                _ => RouteChange.Withdrawn,
            },
            Table = change.Vrf ?? TableName(change.Table, change.Family),
            Family = change.Family.Name,
            Prefix = IsPrefix(change) ? change.Key.Prefix : default,
            OtherPrefix = IsPrefix(change) ? null : change.Evpn?.ToString() ?? change.Key.Membership.ToString(),
            RouteDistinguisher = DistinguisherOf(change),
            Peer = PeerOf(change.Peer),
            PeerKind = change.Peer.Kind switch
            {
                Routing.PeerKind.Local => PeerKind.Local,
                Routing.PeerKind.Agent => PeerKind.XmppPeer,
                _ => PeerKind.BgpPeer,
            },
            PathId = change.PathId,
            ImportedFrom = change.ImportedFrom is { } table ? TableName(table, change.Family) : null,
            Attributes = WordsOf(change.Attributes),
            Label = label,
            SecondLabel = secondLabel,
            IsBest = change.IsBest,
            IsStale = change.IsStale,
        };
    }

    /// <summary>As other implementations of BGP/MPLS VPNs name them.</summary>
    private static string TableName(RouteTableKind table, AddressFamily family) =>
        (table, family.Afi) switch
        {
            (RouteTableKind.Vpn, 1) => "bgp.l3vpn.0",
            (RouteTableKind.Vpn, _) => "bgp.l3vpn-inet6.0",
            (RouteTableKind.Evpn, _) => "bgp.evpn.0",
            (RouteTableKind.Membership, _) => "bgp.rtarget.0",
            (RouteTableKind.Labelled, 1) => "inet.3",
            (RouteTableKind.Labelled, _) => "inet6.3",
            (_, 1) => "inet.0",
            _ => "inet6.0",
        };

    private string PeerOf(PeerDefinition peer)
    {
        if (!ReferenceEquals(_latest.Source, peer.Name))
        {
            _latest = (peer.Name, peer.Kind == Routing.PeerKind.Local ? "" : SourceName.Plain(peer.Name));
        }

        return _latest.Peer;
    }

    private static bool IsPrefix(in PathChange change) => change.Evpn is null && !change.Key.IsMembership;

    private static RouteDistinguisher? DistinguisherOf(in PathChange change) =>
        change.ImportedFrom is not null ? change.ImportedRd
        : change.Table is RouteTableKind.Vpn or RouteTableKind.Evpn ? change.Key.RouteDistinguisher
        : null;

    private AttributeWords? WordsOf(PathAttributes? attributes)
    {
        if (attributes is null)
        {
            return null;
        }

        ref var latest = ref _words[RuntimeHelpers.GetHashCode(attributes) & (LatestSets - 1)];
        if (!ReferenceEquals(latest?.Attributes, attributes))
        {
            latest = new AttributeWords(attributes);
        }

        return latest;
    }

    private static (uint? Label, uint? SecondLabel) LabelsOf(in PathChange change, PathAttributes attributes)
    {
        if (change.EvpnData is { } data)
        {
            uint? second = data.SecondLabelField is { } field ? EvpnLabel.Of(field, attributes) : null;
            return (EvpnLabel.Of(data.LabelField, attributes), second);
        }

        return (change.Table is RouteTableKind.Unicast or RouteTableKind.Membership ? null : change.Label.Value, null);
    }
}
