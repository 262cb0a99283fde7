using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Config.Allocation;

/// <summary>
/// The networks' own route targets. One that is allocated is no other network's, and none that another one names: what shares a target shares its
/// routes, and so would tenants who know nothing of each other.
/// </summary>
internal sealed class OwnTargets(ConfigDraft draft)
{
    /// <summary>Numbers from here on are the fabric's own; lower ones are the operator's.</summary>
    public const uint FirstNumber = 8_000_000;

    private HashSet<RouteTarget>? _taken;

    /// <summary>
    /// The target of the network's id, or where that is taken or does not fit the first free one behind it. Null where all are taken. Two-octet AS
    /// numbers leave 32 bits for the number, four-octet ones 16 (RFC 5668 section 2), so there the id alone is used.
    /// </summary>
    public RouteTarget? Take(AsNumber asNumber, uint networkId)
    {
        var (first, last) = asNumber.FitsTwoOctets ? (FirstNumber, uint.MaxValue) : (1u, ushort.MaxValue);
        var offset = asNumber.FitsTwoOctets ? FirstNumber : 0;
        var wanted = networkId <= last - offset ? Math.Max(offset + networkId, first) : first;
        _taken ??= Taken();
        var number = wanted;
        do
        {
            var target = RouteTarget.FromAs(asNumber, number);
            if (_taken.Add(target))
            {
                return target;
            }

            number = number == last ? first : number + 1;
        } while (number != wanted);

        return null;
    }

    private HashSet<RouteTarget> Taken()
    {
        HashSet<RouteTarget> taken = [];
        foreach (var network in draft.Of<VirtualNetwork>())
        {
            taken.UnionWith([.. network.ImportRouteTargets, .. network.ExportRouteTargets, .. network.RouteTargets]);
            if ((network.RouteTarget ?? draft.Before<VirtualNetwork>(network.Key)?.RouteTarget) is { } own)
            {
                taken.Add(own);
            }
        }

        return taken;
    }
}
