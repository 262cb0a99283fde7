using Fabric.Primitives;
using Fabric.Wire.Bgp;
using Fabric.Wire.Xmpp;

namespace Fabric.Xmpp;

/// <summary>Between an agent's item and a path with BGP attributes, both ways.</summary>
public static class RouteItemConverter
{
    /// <summary>What an agent is told of a network that the control node cannot name.</summary>
    public const string UnresolvedNetwork = "unresolved";

    /// <summary>An agent shares load over as many; of more equal paths it is told of the first.</summary>
    public const int MaximumNextHops = 128;

    private const ushort GreTunnel = 2;
    private const ushort VxlanTunnel = 8;
    private const ushort MplsOverUdpTunnel = 13;

    /// <summary>Makes a path of an agent's item in a VRF of tenants.</summary>
    /// <param name="item">As published.</param>
    /// <param name="instanceId">The agent's number of the VRF; with the next hop it makes the route distinguisher.</param>
    /// <param name="localAs">Goes into communities that need an AS number.</param>
    /// <param name="path">The path, or null.</param>
    /// <returns>Null, or in words why the item is refused.</returns>
    public static string? TryConvert(UnicastItem item, uint instanceId, AsNumber localAs, out AgentPath? path)
    {
        path = null;
        if (item.NextHops.Count != 1)
        {
            return $"{item.NextHops.Count} next hops, where an agent gives one";
        }

        var nextHop = item.NextHops[0];
        if (!nextHop.Address.IsIpv4 || nextHop.Address.Ipv4 is 0 or >= 0xE000_0000)
        {
            return $"next hop {nextHop.Address} is no host";
        }

        if (nextHop.Label is 0 or > MplsLabel.Max)
        {
            return $"label {nextHop.Label} is not in 1 to {MplsLabel.Max}";
        }

        if (instanceId > ushort.MaxValue)
        {
            return $"instance id {instanceId} does not fit a route distinguisher";
        }

        if (nextHop.HasUnknownEncapsulation && nextHop.Encapsulations == TunnelEncapsulations.None)
        {
            return "no encapsulation that is known";
        }

        var attributes = new PathAttributes
        {
            NextHop = nextHop.Address,
            LocalPref = item.LocalPreference == 0 ? null : item.LocalPreference,
            MultiExitDisc = MultiExitDisc(item),
            Communities = [.. item.CommunityTags.Select(CommunityText.Parse).OfType<uint>().Distinct().Order()],
            ExtendedCommunities = [.. ExtendedCommunities(item, nextHop, localAs).Distinct().Order()],
        };
        if (!StoredAttributes.Fits(attributes))
        {
            return $"{attributes.Communities.Count} tags and {item.SecurityGroups.Count} security groups, more than fit in an UPDATE of BGP";
        }

        path = new AgentPath(
            RouteDistinguisher.FromAddress(nextHop.Address, (ushort)instanceId),
            item.Prefix,
            attributes,
            new MplsLabel(nextHop.Label)
        );
        return null;
    }

    /// <summary>Makes the item that agents are sent.</summary>
    /// <param name="family">The table's.</param>
    /// <param name="prefix">The route's.</param>
    /// <param name="paths">The best path, and those as good; at least one. <see cref="MaximumNextHops"/> of them are used.</param>
    /// <param name="localAs">The fabric's: groups of another AS have numbers that mean other groups here.</param>
    public static UnicastItem ToItem(AddressFamily family, IpPrefix prefix, ReadOnlySpan<ItemPath> paths, AsNumber localAs)
    {
        var groups = CommonGroups(paths, GroupAs(localAs));
        paths = paths[..Math.Min(paths.Length, MaximumNextHops)];
        var best = paths[0].Attributes;
        var nextHops = new ItemNextHop[paths.Length];
        for (var i = 0; i < paths.Length; i++)
        {
            nextHops[i] = ToNextHop(paths[i]);
        }

        var mobility = best.ExtendedCommunities.FirstOrDefault(c => c.IsMacMobility);
        return new UnicastItem
        {
            Family = family,
            Prefix = prefix,
            NextHops = EquatableArray.Create<ItemNextHop>(nextHops),
            VirtualNetwork = nextHops[0].VirtualNetwork,
            Mobility = new ItemMobility((mobility.Value >> 40 & 1) != 0, mobility.LocalValue),
            SequenceNumber = mobility.LocalValue,
            SecurityGroups = groups,
            CommunityTags = [.. best.Communities.Select(CommunityText.Format)],
            LocalPreference = best.LocalPref ?? 0,
            Med = best.MultiExitDisc ?? 0,
        };
    }

    /// <summary>
    /// The groups that every path has: rules that allow a group go by the address, and a packet from it may come from any of the machines that share it.
    /// </summary>
    private static EquatableArray<uint> CommonGroups(ReadOnlySpan<ItemPath> paths, ushort asNumber)
    {
        var best = paths[0].Attributes;
        var common = GroupsOf(best, asNumber).ToList();
        foreach (var path in paths[1..])
        {
            var attributes = path.Attributes;
            if (common.Count > 0 && attributes != best)
            {
                common.RemoveAll(group => !GroupsOf(attributes, asNumber).Contains(group));
            }
        }

        return [.. common];
    }

    private static IEnumerable<uint> GroupsOf(PathAttributes attributes, ushort asNumber) =>
        attributes.ExtendedCommunities.Where(community => community.IsSecurityGroupOf(asNumber)).Select(community => community.LocalValue);

    /// <summary>A group's community has two octets for the AS (RFC 6793 section 7 for what has not the room).</summary>
    private static ushort GroupAs(AsNumber localAs) => localAs.FitsTwoOctets ? (ushort)localAs.Value : AsNumber.Trans;

    private static ItemNextHop ToNextHop(ItemPath path)
    {
        var encapsulations = path.Attributes.Encapsulations;
        return new ItemNextHop
        {
            Address = path.Attributes.NextHop,
            Label = path.Label.Value,
            // A path that says nothing of tunnels but has a label is MPLS, which agents carry in GRE.
            Encapsulations =
                encapsulations == TunnelEncapsulations.None && path.Label.Value != 0 ? TunnelEncapsulations.MplsOverGre : encapsulations,
            VirtualNetwork = path.VirtualNetwork ?? UnresolvedNetwork,
        };
    }

    /// <summary>Gateways choose the active host by MED, where lower wins: the local preference turned round, if the agent gives none.</summary>
    private static uint? MultiExitDisc(UnicastItem item) =>
        (item.Med, item.LocalPreference) switch
        {
            (> 0, _) => item.Med,
            (_, 0) => null,
            (_, 100) => 200,
            (_, 200) => 100,
            _ => uint.MaxValue - item.LocalPreference,
        };

    private static IEnumerable<ExtendedCommunity> ExtendedCommunities(UnicastItem item, ItemNextHop nextHop, AsNumber localAs)
    {
        var asNumber = GroupAs(localAs);
        if (nextHop.Encapsulations.HasFlag(TunnelEncapsulations.MplsOverGre))
        {
            yield return ExtendedCommunity.Encapsulation(GreTunnel);
        }

        if (nextHop.Encapsulations.HasFlag(TunnelEncapsulations.MplsOverUdp))
        {
            yield return ExtendedCommunity.Encapsulation(MplsOverUdpTunnel);
        }

        if (nextHop.Encapsulations.HasFlag(TunnelEncapsulations.Vxlan))
        {
            yield return ExtendedCommunity.Encapsulation(VxlanTunnel);
        }

        foreach (var group in item.SecurityGroups)
        {
            yield return ExtendedCommunity.SecurityGroup(asNumber, group);
        }

        var sequence = item.Mobility.Sequence != 0 ? item.Mobility.Sequence : item.SequenceNumber;
        if (sequence != 0 || item.Mobility.IsSticky)
        {
            yield return ExtendedCommunity.MacMobility(item.Mobility.IsSticky, sequence);
        }
    }
}
