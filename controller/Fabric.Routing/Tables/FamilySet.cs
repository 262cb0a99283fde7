using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>Some of the families that the RIB has tables for, a bit each.</summary>
internal readonly record struct FamilySet(byte Bits)
{
    /// <summary>Every family that there is a table for.</summary>
    public static FamilySet Every => Of(AddressFamily.All.AsSpan());

    /// <summary>Families without a table are left out.</summary>
    public static FamilySet Of(ReadOnlySpan<AddressFamily> families)
    {
        var bits = 0;
        for (var i = 0; i < AddressFamily.All.Length; i++)
        {
            bits |= families.Contains(AddressFamily.All[i]) ? 1 << i : 0;
        }

        return new FamilySet((byte)bits);
    }

    public bool Contains(AddressFamily family) => AddressFamily.All.IndexOf(family) is var index and >= 0 && (Bits >> index & 1) != 0;

    /// <summary>Those whose routes from and to BGP peers stand in the table.</summary>
    public AddressFamily[] In(RouteTableKind table)
    {
        var set = this;
        return [.. AddressFamily.All.Where(family => set.Contains(family) && RouteFamilies.TableOf(family) == table)];
    }
}
