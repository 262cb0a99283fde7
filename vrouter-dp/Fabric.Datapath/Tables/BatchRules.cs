using Fabric.Model.Datapath;
using Fabric.Primitives;

namespace Fabric.Datapath;

/// <summary>What an entry must hold to be taken into the tables. Each method gives what is wrong, or null.</summary>
internal static class BatchRules
{
    public const uint MaxVrf = 0xFFFF;
    public const uint MaxNextHop = 0xFFFFF;
    public const int MaxEcmpMembers = 128;

    public static string? Check(HostConfig host) =>
        host.UnderlayMtu is < HostSettings.MinimumUnderlayMtu or > ushort.MaxValue
            ? $"underlay_mtu {host.UnderlayMtu} is not within {HostSettings.MinimumUnderlayMtu}..65535"
            : null;

    public static string? Check(VrfEntry vrf) => vrf.Id > MaxVrf ? $"id is above {MaxVrf}" : null;

    public static string? Check(VifEntry vif, int vifs) =>
        vif.Id >= vifs ? $"id is above {vifs - 1}"
        : vif.Mac.Length != 6 ? $"mac has {vif.Mac.Length} bytes, not 6"
        : (vif.Mac[0] & 1) != 0 ? "mac is a group address"
        : vif.NextHop is 0 or > MaxNextHop ? $"next_hop {vif.NextHop} is not within 1..{MaxNextHop}"
        : vif.Dhcp is { } dhcp ? Check(dhcp)
        : null;

    public static string? Check(NextHopEntry nextHop) =>
        nextHop.Id is 0 or > MaxNextHop ? $"id is not within 1..{MaxNextHop}"
        : nextHop.KindCase == NextHopEntry.KindOneofCase.None ? "it has no kind"
        : nextHop.Ecmp is { Members.Count: 0 or > MaxEcmpMembers } ? $"members are not 1..{MaxEcmpMembers}"
        : nextHop.Ecmp is { } ecmp && ecmp.Members.Any(m => m.Label > MplsLabel.Max) ? "a member's label is above 20 bits"
        : null;

    public static string? Check(RouteEntry route) =>
        route.Length > 32 ? "length is above 32"
        : route.Label > MplsLabel.Max ? "label is above 20 bits"
        : route.NextHop > MaxNextHop ? $"next_hop is above {MaxNextHop}"
        : null;

    public static string? Check(LabelEntry label) =>
        label.Label is < MplsLabel.FirstUnreserved or > MplsLabel.Max ? "it is reserved or above 20 bits" : null;

    public static string? Check(AccessListEntry list)
    {
        foreach (var rule in list.Rules)
        {
            if (rule.Protocol > byte.MaxValue || rule.PortMax > ushort.MaxValue || rule.PortMin > rule.PortMax || rule.RemoteLength > 32)
            {
                return $"rule '{rule.Name}' has a protocol, port range or prefix length that does not exist";
            }
        }

        return list.Id == 0 ? "id is 0" : null;
    }

    private static string? Check(DhcpConfig dhcp) =>
        dhcp.PrefixLength > 32 || dhcp.Routes.Any(r => r.Length > 32) ? "dhcp has a prefix length above 32"
        : dhcp.Mtu > ushort.MaxValue ? "dhcp.mtu is above 65535"
        : null;
}
