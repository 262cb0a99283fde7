using System.Xml.Linq;

namespace Fabric.Interop.Captures;

/// <summary>What tshark reads in an UPDATE. Attributes of a message without reachable routes mean nothing, and are left out.</summary>
internal static class TsharkUpdate
{
    private const string Attribute = "bgp.update.path_attribute";
    private const string Ipv4 = "1/1";

    public static IEnumerable<string> Lines(XElement message)
    {
        var attributes = message.Fields(Attribute).ToDictionary(field => int.Parse(field.Show($"{Attribute}.type_code")!));
        var hasClassic = message.Fields("bgp.update.nlri").Any();
        List<string> withdrawn =
        [
            .. message.Fields("bgp.update.withdrawn_routes").SelectMany(routes => TsharkRoutes.Of(routes, Ipv4, isWithdrawn: true)),
            .. Mp(attributes, 15, "mp_unreach_nlri", isWithdrawn: true),
        ];
        List<string> reachable =
        [
            .. message.Fields("bgp.update.nlri").SelectMany(routes => TsharkRoutes.Of(routes, Ipv4, isWithdrawn: false)),
            .. Mp(attributes, 14, "mp_reach_nlri", isWithdrawn: false),
        ];
        return withdrawn.Count + reachable.Count == 0
            ? [$"end-of-rib {(attributes.TryGetValue(15, out var unreach) ? Family(unreach, "mp_unreach_nlri") : Ipv4)}"]
            :
            [
                .. withdrawn,
                .. reachable,
                .. reachable.Count == 0 ? [] : attributes.SelectMany(one => Lines(one.Key, one.Value, hasClassic)),
            ];
    }

    private static IEnumerable<string> Lines(int code, XElement attribute, bool hasClassic) =>
        code switch
        {
            1 => [$"origin {Show(attribute, "origin")}"],
            2 => [$"as-path {string.Join(' ', attribute.Fields($"{Attribute}.as_path_segment").Select(Segment))}".TrimEnd()],
            3 => hasClassic ? [$"next-hop {Show(attribute, "next_hop")}"] : [],
            4 => [$"med {Show(attribute, "multi_exit_disc")}"],
            5 => [$"local-pref {Show(attribute, "local_pref")}"],
            8 => attribute
                .Fields($"{Attribute}.community")
                .Select(one => $"community {Show(one, "community_as")}:{Show(one, "community_value")}"),
            9 => [$"originator-id {Show(attribute, "originator_id")}"],
            10 => [$"cluster-list {string.Join(' ', attribute.Fields("bgp.path_attribute.cluster_id").Select(Pdml.Show))}"],
            14 => [$"next-hop {NextHop(attribute)}"],
            15 => [],
            16 => attribute.Fields("bgp.ext_community").Select(Extended),
            32 => attribute.Fields("bgp.large_communities").Select(one => $"large-community {one.Words().Split(": ")[1]}"),
            // Flags, code and length come first.
            _ => [$"attribute {code} {attribute.Elements("field").Skip(3).Hex()}".TrimEnd()],
        };

    private static string? Show(XElement field, string name) => field.Show($"{Attribute}.{name}");

    private static string Segment(XElement segment) =>
        $"{Show(segment, "as_path_segment.type")}:{string.Join(',', segment.Fields($"{Attribute}.as_path_segment.as4").Select(Pdml.Show))}";

    /// <summary>The first address: a link-local one may follow (RFC 2545).</summary>
    private static string? NextHop(XElement attribute) =>
        Show(attribute, "mp_reach_nlri.next_hop.ipv4") ?? Show(attribute, "mp_reach_nlri.next_hop.ipv6");

    private static string Extended(XElement community) =>
        community.Words().StartsWith("Route Target:", StringComparison.Ordinal)
            ? $"target:{Administrator(community)}:{community.Show("bgp.ext_com.value_an4") ?? community.Show("bgp.ext_com.value_an2")}"
            : $"extended-community {community.Elements("field").Hex()}";

    private static string? Administrator(XElement community) =>
        community.Show("bgp.ext_com.value_as2") ?? community.Show("bgp.ext_com.value_as4") ?? community.Show("bgp.ext_com.value_IP4");

    private static IEnumerable<string> Mp(Dictionary<int, XElement> attributes, int code, string name, bool isWithdrawn) =>
        attributes.TryGetValue(code, out var attribute)
            ? attribute.Fields($"{Attribute}.{name}").SelectMany(routes => TsharkRoutes.Of(routes, Family(attribute, name), isWithdrawn))
            : [];

    private static string Family(XElement attribute, string name) => $"{Show(attribute, $"{name}.afi")}/{Show(attribute, $"{name}.safi")}";
}
