using System.Text;
using System.Text.Json;
using Fabric.Primitives;

namespace Fabric.Cli.Output;

/// <summary>A data plane's routes in the columns of "rt --dump", and where each leads.</summary>
internal static class InetRouteTable
{
    public static string Of(JsonElement routes, JsonElement vrfs, JsonElement nextHops)
    {
        var words = new NextHopWords(nextHops);
        var names = vrfs.Items("items").ToDictionary(vrf => vrf.Number("id"), vrf => vrf.Text("name"));
        var text = new StringBuilder("Flags: L=Label Valid; PPL: length of the covering prefix\n");
        foreach (var vrf in routes.Items("items").GroupBy(route => route.Number("vrf")))
        {
            text.Append($"\nvRouter inet4 routing table 0/{vrf.Key}/unicast ({names.GetValueOrDefault(vrf.Key) ?? "unnamed"})\n");
            var table = new TextTable("Destination", "PPL", "Flags", "Label", "Nexthop", "Leads to");
            var prefixes = vrf.Select(route => IpPrefix.Parse(route.Text("prefix")!)).ToHashSet();
            foreach (var route in vrf)
            {
                var hasLabel = route.Number("label") != 0;
                table.Row(
                    route.Text("prefix"),
                    Covering(IpPrefix.Parse(route.Text("prefix")!), prefixes),
                    hasLabel ? "L" : "",
                    hasLabel ? route.Text("label") : "-",
                    route.Text("next-hop"),
                    words.Of(route.Number("next-hop"))
                );
            }

            text.Append(table);
        }

        return Cut.Note(text, routes);
    }

    private static int Covering(IpPrefix prefix, HashSet<IpPrefix> prefixes)
    {
        for (var length = prefix.Length - 1; length > 0; length--)
        {
            if (prefixes.Contains(new IpPrefix(prefix.Address, length)))
            {
                return length;
            }
        }

        return 0;
    }
}
