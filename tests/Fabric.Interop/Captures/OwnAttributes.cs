using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Interop.Captures;

/// <summary>The path attributes that Fabric's decoder reads, each with its name.</summary>
internal static class OwnAttributes
{
    public static IEnumerable<string> Of(PathAttributes attributes) =>
        [
            $"origin {(int)attributes.Origin}",
            $"as-path {string.Join(' ', attributes.AsPath.Segments.Select(Segment))}".TrimEnd(),
            $"next-hop {attributes.NextHop}",
            .. One("med", attributes.MultiExitDisc),
            .. One("local-pref", attributes.LocalPref),
            .. attributes.Communities.Select(community => $"community {community >> 16}:{community & 0xFFFF}"),
            .. One("originator-id", attributes.OriginatorId),
            .. attributes.ClusterList.IsEmpty
                ? []
                : One("cluster-list", string.Join(' ', attributes.ClusterList.Select(id => new BgpIdentifier(id)))),
            .. attributes.ExtendedCommunities.Select(Extended),
            .. attributes.LargeCommunities.Select(community => $"large-community {community}"),
            .. attributes.PmsiTunnel is { } tunnel ? [Tunnel(tunnel)] : Array.Empty<string>(),
            .. attributes.Unknown.Select(unknown => $"attribute {unknown.Type} {Convert.ToHexStringLower(unknown.Value.AsSpan())}"),
        ];

    private static IEnumerable<string> One(string name, object? value) => value is null ? [] : [$"{name} {value}"];

    private static string Segment(AsPathSegment segment) => $"{(int)segment.Type}:{string.Join(',', segment.Numbers)}";

    private static string Extended(ExtendedCommunity community) =>
        community.IsRouteTarget ? $"{new RouteTarget(community.Value)}" : $"extended-community {community.Value:x16}";

    /// <summary>RFC 6514 section 5: <c>| flags (1) | type (1) | label (3) | identifier |</c></summary>
    private static string Tunnel(PmsiTunnel tunnel) =>
        $"attribute 22 {tunnel.Flags:x2}{tunnel.TunnelType:x2}{tunnel.LabelField:x6}{Convert.ToHexStringLower(tunnel.Identifier.AsSpan())}";
}
