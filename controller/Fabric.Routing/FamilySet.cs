using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>Some of the families that the RIB has tables for, a bit each.</summary>
internal readonly record struct FamilySet(byte Bits)
{
    private static readonly AddressFamily[] All =
    [
        AddressFamily.Ipv4Unicast,
        AddressFamily.Ipv6Unicast,
        AddressFamily.LabelledIpv4,
        AddressFamily.LabelledIpv6,
        AddressFamily.Vpnv4,
        AddressFamily.Vpnv6,
        AddressFamily.L2VpnEvpn,
        AddressFamily.RouteTargetMembership,
    ];

    /// <summary>Families without a table are left out.</summary>
    public static FamilySet Of(ReadOnlySpan<AddressFamily> families)
    {
        var bits = 0;
        for (var i = 0; i < All.Length; i++)
        {
            bits |= families.Contains(All[i]) ? 1 << i : 0;
        }

        return new FamilySet((byte)bits);
    }

    public bool Contains(AddressFamily family) => Array.IndexOf(All, family) is var index and >= 0 && (Bits >> index & 1) != 0;

    /// <summary>Those whose routes from and to BGP peers stand in the table.</summary>
    public AddressFamily[] In(RouteTableKind table)
    {
        var set = this;
        return [.. All.Where(family => set.Contains(family) && RouteFamilies.TableOf(family) == table)];
    }
}
