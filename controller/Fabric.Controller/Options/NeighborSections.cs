using Fabric.Hosting.Configuration;
using Fabric.Intent;
using Fabric.Primitives;
using static Fabric.Controller.Options.BgpOptionValues;

namespace Fabric.Controller.Options;

/// <summary>
/// The sections groups, neighbors and dynamic-neighbors. A neighbour's own value wins over its group's, and that over the node's.
/// <code>
/// groups:
///   clients: { families: [vpnv4, rtc], route-reflector-client: true, passive: true }
/// neighbors:
///   - { name: gw1, address: 192.0.2.9, group: clients, description: gateway of row 1 }
/// dynamic-neighbors:
///   - { prefix: 192.0.2.128/25, group: clients, limit: 64 }
/// </code>
/// </summary>
internal sealed class NeighborSections
{
    private readonly OptionsFile _file;
    private readonly IpAddress _local;
    private readonly BgpNeighborSettings _defaults;
    private readonly NeighborSettingsReader _reader;
    private readonly Dictionary<string, BgpNeighborSettings> _groups = new(StringComparer.Ordinal);

    /// <param name="local">The node's own address, which no neighbour can have.</param>
    /// <param name="defaults">What neither a neighbour nor its group says.</param>
    /// <param name="policies">Names that import-policy and export-policy can say.</param>
    public NeighborSections(OptionsFile file, IpAddress local, BgpNeighborSettings defaults, PolicyNames policies)
    {
        _reader = new NeighborSettingsReader(policies);
        _file = file;
        _local = local;
        _defaults = defaults;
        foreach (var (name, section) in file.NamedSections("groups"))
        {
            _groups[name] = _reader.ReadAll(section, defaults);
        }
    }

    public EquatableArray<BgpNeighborIntent> Neighbors()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var addresses = new Dictionary<IpAddress, string>();
        var neighbors = new List<BgpNeighborIntent>();
        foreach (var section in _file.Sections("neighbors"))
        {
            var neighbor = Neighbor(section);
            neighbors.Add(neighbor);
            if (neighbor.Name is not null && !names.Add(neighbor.Name))
            {
                section.Reject("name", $"there is another neighbour '{neighbor.Name}'");
            }

            if (neighbor.Address == default)
            {
                continue;
            }

            if (neighbor.Address == _local)
            {
                section.Reject("address", $"{_local} is this node's own address ('listen')");
            }
            else if (!addresses.TryAdd(neighbor.Address, neighbor.Name ?? ""))
            {
                section.Reject("address", $"{neighbor.Address} is the address of neighbour '{addresses[neighbor.Address]}' too");
            }
        }

        return [.. neighbors.OrderBy(neighbor => neighbor.Name, StringComparer.Ordinal)];
    }

    public EquatableArray<DynamicNeighborOptions> DynamicNeighbors()
    {
        var prefixes = new HashSet<IpPrefix>();
        var ranges = new List<DynamicNeighborOptions>();
        foreach (var section in _file.Sections("dynamic-neighbors"))
        {
            var wanted = section.Required<IpPrefix?>("prefix", Prefix, PrefixExpected);
            if (wanted is { } again && !prefixes.Add(again))
            {
                section.Reject("prefix", $"{again} stands here twice");
            }

            var settings = _reader.ReadSession(section, Group(section)) with { Passive = true };
            RejectSelfWithoutUse(section, settings);
            var limit = section.Optional<ushort>("limit", AboveZero, LimitExpected, DynamicNeighborOptions.DefaultLimit);
            if (wanted is { } prefix)
            {
                ranges.Add(new DynamicNeighborOptions(prefix, settings, limit));
            }
        }

        return [.. ranges];
    }

    private BgpNeighborIntent Neighbor(OptionsFile section)
    {
        var name = section.Required<string>("name", Name, NameExpected);
        var address = section.Required<IpAddress>("address", NeighborAddress, AddressExpected);
        var settings = _reader.ReadAll(section, Group(section));
        RejectSelfWithoutUse(section, settings);
        return new(name, address, settings, section.Optional<string?>("description", Text, TextExpected, null));
    }

    /// <summary>Not of a group: whose members may have other families.</summary>
    private static void RejectSelfWithoutUse(OptionsFile section, BgpNeighborSettings settings)
    {
        if (settings.Rules.NextHop == NextHopRule.Self && !settings.Families.Any(family => family.IsUnicast))
        {
            section.Reject(
                "next-hop",
                "none of its 'families' can have this node's address: labels go with the next hop that gave them, and this node gives none. "
                    + "Leave it out, or add ipv4 or ipv6 to 'families'"
            );
        }
    }

    private BgpNeighborSettings Group(OptionsFile section)
    {
        var name = section.Optional<string>("group", OptionValues.Text, "the name of a group", "");
        if (name.Length == 0)
        {
            return _defaults;
        }

        if (_groups.TryGetValue(name, out var group))
        {
            return group;
        }

        section.Reject("group", $"there is no group '{name}'; {OptionWords.Known(name, _groups.Keys)}");
        return _defaults;
    }
}
