using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Fabric.Interop.Captures;

/// <summary>The routes that tshark reads in NLRI.</summary>
internal static partial class TsharkRoutes
{
    private const string Evpn = "bgp.evpn.nlri";
    private const int LabelBits = 24;
    private const int DistinguisherBits = 64;

    public static IEnumerable<string> Of(XElement nlri, string family, bool isWithdrawn)
    {
        var routes = family switch
        {
            "25/70" => nlri.Fields(Evpn).Select(EvpnRoute),
            "1/132" => Memberships(nlri),
            _ => Prefixes(nlri, isWithdrawn),
        };
        return routes.Select(route => $"{(isWithdrawn ? "withdraw" : "reach")} {family} {route}");
    }

    /// <summary>Of each the fields in their order: identifier of the path, length, label, distinguisher, prefix. The label of a withdrawal has no meaning.</summary>
    private static IEnumerable<string> Prefixes(XElement nlri, bool isWithdrawn)
    {
        var (bits, label, distinguisher, path) = (0, "", "", "");
        foreach (var field in nlri.Descendants("field"))
        {
            switch (field.Name())
            {
                case "bgp.nlri_path_id":
                    path = $"path {field.Show()}";
                    break;
                case "bgp.prefix_length":
                    (bits, label, distinguisher) = (int.Parse(field.Show()), "", "");
                    break;
                case "bgp.label_stack" when Vpnv6().Match(field.Words()) is { Success: true } match:
                    yield return Words(
                        match.Groups["rd"].Value,
                        match.Groups["prefix"].Value,
                        isWithdrawn ? "" : match.Groups["label"].Value
                    );
                    break;
                case "bgp.label_stack":
                    bits -= LabelBits;
                    label = isWithdrawn ? "" : field.Show().Split(' ')[0];
                    break;
                case "bgp.rd":
                    bits -= DistinguisherBits;
                    distinguisher = field.Show();
                    break;
                case var name when name.EndsWith("_prefix", StringComparison.Ordinal):
                    yield return Words(distinguisher, $"{field.Show()}/{bits}", label, path);
                    break;
            }
        }
    }

    private static string Words(params IEnumerable<string> words) => string.Join(' ', words.Where(word => word.Length > 0));

    private static string EvpnRoute(XElement route)
    {
        string? Show(string name) => route.Show($"{Evpn}.{name}");
        string Labelled(string word, string? value) => value is null or "0.0.0.0" or "::" ? "" : $"{word} {value}";
        var distinguisher = route.Fields($"{Evpn}.rd").First().Words().Split('(', ')')[^2];
        var address = Show("ip.addr") ?? Show("ipv6.addr");
        return Words(
            Show("rt")!,
            distinguisher,
            Labelled("esi", Show("esi")),
            Labelled("tag", Show("etag")),
            Labelled("mac", Show("mac_addr")),
            Labelled("ip", address is null ? null : $"{address}/{Show("iplen") ?? Show("prefix_len")}"),
            Labelled("gateway", Show("ipv4.gtw_addr") ?? Show("ipv6.gtw_addr")),
            Labelled("label", Show("mpls_ls1") ?? LabelOf(route.Show("bgp.update.path_attribute.mpls_label_value")))
        );
    }

    /// <summary>Of type 5 tshark shows the 24 bits of the field, of which the upper 20 are a label.</summary>
    private static string? LabelOf(string? field) => field is null ? null : $"{int.Parse(field) >> 4}";

    private static IEnumerable<string> Memberships(XElement nlri) =>
        [
            .. nlri.Fields("bgp.wildcard_route_target").Select(_ => "default"),
            .. nlri.Fields("bgp.originating_as")
                .Zip(nlri.Fields("bgp.community_prefix"), (origin, target) => $"{origin.Show()}:target:{target.Show()}")
                .Zip(nlri.Fields("bgp.prefix_length"), (membership, length) => $"{membership}/{length.Show()}"),
        ];

    // tshark 4.0 shows all of a VPN-IPv6 route as the words of its label.
    [GeneratedRegex(@"^Label Stack=(?<label>\d+).* RD=(?<rd>\S+), IPv6=(?<prefix>\S+)$")]
    private static partial Regex Vpnv6();
}
