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
        var words = new List<string>();
        switch (block.Family.Safi)
        {
            case 4:
                foreach (var route in block.LabelledRoutes)
                {
                    words.Add(Labelled($"{route.Prefix}", route.Label, block.IsWithdrawal));
                }

                break;
            case 70:
                foreach (var route in block.EvpnRoutes)
                {
                    words.Add(Evpn(route));
                }

                break;
            case 128:
                foreach (var route in block.VpnRoutes)
                {
                    words.Add(Labelled($"{route.Rd} {route.Prefix}", route.Label, block.IsWithdrawal));
                }

                break;
            case 132:
                foreach (var route in block.Memberships)
                {
                    words.Add($"{route}");
                }

                break;
            default:
                foreach (var route in block.Prefixes)
                {
                    words.Add($"{route}");
                }

                break;
        }

        var start = $"{(block.IsWithdrawal ? "withdraw" : "reach")} {OwnReading.Words(block.Family)}";
        return [.. words.Select(route => $"{start} {route}")];
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
