using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Interop.Captures;

/// <summary>The routes that Fabric's decoder reads in NLRI.</summary>
internal static class OwnRoutes
{
    /// <summary>Of the 24 bits of a label field, without VXLAN, the upper 20 are the label (RFC 7432 section 7.1).</summary>
    private const int LabelShift = 4;

    public static List<string> Of(NlriBlock block)
    {
        var (isWithdrawal, hasPathIds) = (block.IsWithdrawal, block.HasPathIds);
        var words = block.Family.Safi switch
        {
            4 => Read(block.LabelledRoutes, hasPathIds, route => Labelled($"{route.Prefix}", route.Label, isWithdrawal)),
            70 => Read(block.EvpnRoutes, hasPathIds, Evpn),
            128 => Read(block.VpnRoutes, hasPathIds, route => Labelled($"{route.Rd} {route.Prefix}", route.Label, isWithdrawal)),
            132 => Read(block.Memberships, hasPathIds, route => $"{route}"),
            _ => Read(block.Prefixes, hasPathIds, route => $"{route}"),
        };
        var start = $"{(isWithdrawal ? "withdraw" : "reach")} {OwnReading.Words(block.Family)}";
        return [.. words.Select(route => $"{start} {route}")];
    }

    private static List<string> Read<TNlri>(NlriReader<TNlri> routes, bool hasPathIds, Func<TNlri, string> word)
        where TNlri : struct, INlri<TNlri>
    {
        var words = new List<string>();
        while (routes.MoveNext())
        {
            words.Add(hasPathIds ? $"{word(routes.Current)} path {routes.PathId}" : word(routes.Current));
        }

        return words;
    }

    private static string Labelled(string route, MplsLabel label, bool isWithdrawal) => isWithdrawal ? route : $"{route} {label}";

    private static string Evpn(EvpnNlri route)
    {
        var (key, data) = (route.Key, route.Data);
        var hasLabel = key.Type is EvpnRouteType.EthernetAutoDiscovery or EvpnRouteType.MacIpAdvertisement or EvpnRouteType.IpPrefixRoute;
        var segment = key.Type is EvpnRouteType.EthernetAutoDiscovery or EvpnRouteType.EthernetSegment ? key.Segment : data.Segment;
        string[] words =
        [
            $"{(int)key.Type}",
            $"{key.Rd}",
            key.Type == EvpnRouteType.InclusiveMulticast ? "" : $"esi {segment}",
            key.Type == EvpnRouteType.EthernetSegment ? "" : $"tag {key.EthernetTag}",
            key.Type == EvpnRouteType.MacIpAdvertisement ? $"mac {key.Mac}" : "",
            key.Address.IsNone ? "" : $"ip {key.Address}/{key.AddressBits}",
            data.Gateway.IsNone ? "" : $"gateway {data.Gateway}",
            hasLabel ? $"label {data.LabelField >> LabelShift}" : "",
        ];
        return string.Join(' ', words.Where(word => word.Length > 0));
    }
}
