using System.Globalization;
using Fabric.Primitives;

namespace Fabric.Wire.Xmpp;

/// <summary>
/// Names of tables and routes: "AFI/SAFI/VRF" and "AFI/SAFI/VRF/PREFIX/LENGTH". The family numbers are XMPP's own
/// for some families: labelled inet 1/4, EVPN 25/242.
/// </summary>
public static class RouteNode
{
    /// <summary>Whether the family's items are <see cref="UnicastItem"/>s.</summary>
    public static bool IsUnicast(AddressFamily family) => (family.Afi, family.Safi) is (1, 1) or (1, 4) or (2, 1);

    public static string Table(AddressFamily family, string vrf) => $"{family.Afi}/{family.Safi}/{vrf}";

    public static string Route(AddressFamily family, string vrf, IpPrefix prefix) => $"{family.Afi}/{family.Safi}/{vrf}/{prefix}";

    /// <summary>Splits a node into its family and what stands behind (the VRF of a table's node).</summary>
    public static bool TryParse(string node, out AddressFamily family, out string rest)
    {
        family = default;
        rest = "";
        var first = node.IndexOf('/', StringComparison.Ordinal);
        var second = first < 0 ? -1 : node.IndexOf('/', first + 1);
        if (
            second < 0
            || !ushort.TryParse(node.AsSpan(0, first), NumberStyles.None, CultureInfo.InvariantCulture, out var afi)
            || !byte.TryParse(node.AsSpan(first + 1, second - first - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var safi)
        )
        {
            return false;
        }

        family = new AddressFamily(afi, safi);
        rest = node[(second + 1)..];
        return true;
    }
}
