using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing;

/// <summary>
/// The decision process (RFC 4271 section 9.1.2.2) in three stages, so that its outcome depends on the set of paths alone:
/// <code>
/// 1. rank      feasible, not long-lived stale, LOCAL_PREF, E-Tree root, sticky MAC, MAC sequence, holder of the MAC, AS_PATH length, ORIGIN
/// 2. MED       of the paths that share the best rank, one falls to a lower MED of the same neighbouring AS
///              what is left is the set of equal paths (ECMP)
/// 3. tie       source kind, BGP Identifier or ORIGINATOR_ID, CLUSTER_LIST length, peer address, RD, source VRF, IP VPN before EVPN, path identifier
/// </code>
/// Stages 1 and 3 are total orders. MED is none (it only compares within an AS), hence a stage of its own: comparing pairwise down
/// a list would make the result depend on the order of arrival.
/// </summary>
public static class BestPath
{
    private const uint DefaultLocalPref = 100;

    /// <summary>Negative if the first path goes before the second; the reason is the step that decided.</summary>
    public static int CompareRank(in PathCandidate first, in PathCandidate second, out RejectReason reason)
    {
        var (a, b) = (first.Attributes, second.Attributes);
        return
            CompareMoves(first, second, out reason) is var order and not 0
            || Decides(first.Holder.CompareTo(second.Holder), RejectReason.PeAddress, out order, out reason)
            || Decides(a.AsPath.Length.CompareTo(b.AsPath.Length), RejectReason.AsPathLength, out order, out reason)
            || Decides(((byte)a.Origin).CompareTo((byte)b.Origin), RejectReason.Origin, out order, out reason)
            ? order
            : 0;
    }

    /// <summary>The steps of the rank that come before the holder of a MAC address: up to which of its moves is the latest.</summary>
    public static int CompareMoves(in PathCandidate first, in PathCandidate second, out RejectReason reason)
    {
        var (a, b) = (first.Attributes, second.Attributes);
        var loser = first.Infeasible != RejectReason.None ? first.Infeasible : second.Infeasible;
        if (
            Decides(
                (first.Infeasible != RejectReason.None).CompareTo(second.Infeasible != RejectReason.None),
                loser,
                out var order,
                out reason
            )
            || Decides(IsLongLivedStale(first).CompareTo(IsLongLivedStale(second)), RejectReason.LongLivedStale, out order, out reason)
            || Decides(
                (b.LocalPref ?? DefaultLocalPref).CompareTo(a.LocalPref ?? DefaultLocalPref),
                RejectReason.LocalPreference,
                out order,
                out reason
            )
        )
        {
            return order;
        }

        var (mobilityA, mobilityB) = (Mobility.Of(a), Mobility.Of(b));
        return
            Decides(mobilityA.IsLeaf.CompareTo(mobilityB.IsLeaf), RejectReason.EtreeLeaf, out order, out reason)
            || Decides(mobilityB.IsSticky.CompareTo(mobilityA.IsSticky), RejectReason.NotSticky, out order, out reason)
            || Decides(mobilityB.Sequence.CompareTo(mobilityA.Sequence), RejectReason.MobilitySequence, out order, out reason)
            ? order
            : 0;
    }

    /// <summary>Whether the first path of equal rank falls to the second: same neighbouring AS (or always), higher MED; a missing MED is 0.</summary>
    public static bool FallsByMed(in PathCandidate first, in PathCandidate second, bool alwaysCompareMed) =>
        (first.Attributes.MultiExitDisc ?? 0) > (second.Attributes.MultiExitDisc ?? 0)
        && (alwaysCompareMed || first.Attributes.AsPath.NeighborAs == second.Attributes.AsPath.NeighborAs);

    /// <summary>Orders equal paths; zero only for one path with itself.</summary>
    public static int CompareTie(in PathCandidate first, in PathCandidate second, out RejectReason reason) =>
        Decides(((byte)first.SourceKind).CompareTo((byte)second.SourceKind), RejectReason.SourceKind, out var order, out reason)
        || Decides(RouterId(first).CompareTo(RouterId(second)), RejectReason.RouterId, out order, out reason)
        || Decides(
            first.Attributes.ClusterList.Count.CompareTo(second.Attributes.ClusterList.Count),
            RejectReason.ClusterListLength,
            out order,
            out reason
        )
        || Decides(first.PeerAddress.CompareTo(second.PeerAddress), RejectReason.PeerAddress, out order, out reason)
        || Decides(first.RouteDistinguisher.CompareTo(second.RouteDistinguisher), RejectReason.RouteDistinguisher, out order, out reason)
        || Decides(string.CompareOrdinal(first.SourceVrf, second.SourceVrf), RejectReason.SourceVrf, out order, out reason)
        || Decides(first.IsFromEvpn.CompareTo(second.IsFromEvpn), RejectReason.FromEvpn, out order, out reason)
        || Decides(first.PathId.CompareTo(second.PathId), RejectReason.PathId, out order, out reason)
            ? order
            : 0;

    /// <summary>Why a path is not the best one, given the best one.</summary>
    public static RejectReason Why(in PathCandidate path, in PathCandidate best, bool isEqual)
    {
        if (path.Infeasible != RejectReason.None)
        {
            return path.Infeasible;
        }

        if (CompareRank(best, path, out var reason) != 0)
        {
            return reason;
        }

        return isEqual && CompareTie(best, path, out reason) != 0 ? reason
            : isEqual ? RejectReason.None
            : RejectReason.MultiExitDisc;
    }

    private static BgpIdentifier RouterId(in PathCandidate path) => path.Attributes.OriginatorId ?? path.RouterId;

    private static bool IsLongLivedStale(in PathCandidate path) =>
        path.IsLongLivedStale || path.Attributes.Communities.AsSpan().Contains(WellKnownCommunity.LongLivedStale);

    private static bool Decides(int comparison, RejectReason step, out int order, out RejectReason reason)
    {
        order = comparison;
        reason = comparison != 0 ? step : RejectReason.None;
        return comparison != 0;
    }

    /// <summary>E-Tree (RFC 8317 section 6.1: flag 0x01 is "leaf") and MAC mobility (RFC 7432 section 7.7: flag 0x01 is "sticky").</summary>
    private readonly record struct Mobility(bool IsLeaf, bool IsSticky, uint Sequence)
    {
        public static Mobility Of(PathAttributes attributes)
        {
            var (leaf, sticky, sequence) = (false, false, 0u);
            foreach (var community in attributes.ExtendedCommunities.AsSpan())
            {
                var flag = (community.Value >> 40 & 0x01) != 0;
                if (community is { Type: 0x06, Subtype: 0x05 })
                {
                    leaf |= flag;
                }
                else if (community is { Type: 0x06, Subtype: 0x00 })
                {
                    sticky |= flag;
                    sequence = Math.Max(sequence, (uint)community.Value);
                }
            }

            return new Mobility(leaf, sticky, sequence);
        }
    }
}
