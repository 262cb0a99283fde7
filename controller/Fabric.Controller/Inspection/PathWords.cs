using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Routing.Policies;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Inspection;

/// <summary>Attributes as operators read them.</summary>
internal static class PathWords
{
    public static string Origin(PathAttributes attributes) => attributes.Origin.ToString().ToUpperInvariant();

    public static IReadOnlyList<string> Communities(PathAttributes attributes) =>
        [.. attributes.Communities.Select(community => Community.Of(community).ToString())];

    public static IReadOnlyList<string> ExtendedCommunities(PathAttributes attributes) =>
        [.. attributes.ExtendedCommunities.Select(community => community.ToString())];

    public static IEnumerable<string> Encapsulations(PathAttributes attributes)
    {
        var encapsulations = attributes.Encapsulations;
        (TunnelEncapsulations Tunnel, string Word)[] all =
        [
            (TunnelEncapsulations.MplsOverGre, "gre"),
            (TunnelEncapsulations.MplsOverUdp, "udp"),
            (TunnelEncapsulations.Vxlan, "vxlan"),
        ];
        return all.Where(one => (encapsulations & one.Tunnel) != TunnelEncapsulations.None).Select(one => one.Word);
    }

    public static IReadOnlyList<string> LargeCommunities(PathAttributes attributes) =>
        [.. attributes.LargeCommunities.Select(community => community.ToString())];

    public static IReadOnlyList<string> ClusterList(PathAttributes attributes) =>
        [.. attributes.ClusterList.Select(cluster => IpAddress.FromIpv4(cluster).ToString())];

    public static string Kind(PeerKind kind) =>
        kind switch
        {
            PeerKind.Local => "local",
            PeerKind.Agent => "agent",
            PeerKind.ExternalBgp => "external",
            _ => "internal",
        };
}
