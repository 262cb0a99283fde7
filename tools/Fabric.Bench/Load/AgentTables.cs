namespace Fabric.Bench.Load;

/// <summary>
/// What all agents have been told, checked as it comes: each route must be one of its VRF's, with its own label and its sender's next hop. A bit
/// for each route of each VRF of each agent says whether it has come.
/// </summary>
internal sealed class AgentTables
{
    private readonly RouteTable _table;
    private readonly AgentPlan _plan;
    private readonly ulong[]?[] _present;

    public AgentTables(RouteTable table)
    {
        _table = table;
        _plan = new AgentPlan(table);
        _present = new ulong[AgentPlan.Agents * AgentPlan.VrfsPerAgent][];
        Wanted = _plan.Wanted;
        Imported = _plan.Imported;
    }

    /// <summary>Routes that all agents together are to have.</summary>
    public long Wanted { get; }

    public long Imported { get; }

    /// <summary>Routes that all agents together have.</summary>
    public long Present { get; private set; }

    public long Repeated { get; private set; }

    public long Wrong { get; private set; }

    public string? FirstFault { get; private set; }

    public void Take(int agent, int vrf, in AgentItem item)
    {
        var route = (int)(item.Address - RouteTable.FirstAddress);
        var slot = AgentPlan.SlotOf(agent, vrf);
        var place = slot < 0 ? -1 : _plan.PlaceOf(vrf, route);
        if (place < 0)
        {
            Fault($"agent {agent} has route {route} in {AgentPlan.NameOf(vrf)}, where it does not belong");
        }
        else if (item.Label != _table.LabelOf(route))
        {
            Fault($"route {route} with label {item.Label}");
        }
        else if (item.NextHop != RouteTable.NextHopOf(_table.SenderOf(route / RouteTable.RoutesPerSet)))
        {
            Fault($"route {route} with next hop {item.NextHop:x8}");
        }
        else
        {
            SetPresent((agent * AgentPlan.VrfsPerAgent) + slot, vrf, place);
        }
    }

    public void Fault(string what)
    {
        Wrong++;
        FirstFault ??= what;
    }

    private void SetPresent(int index, int vrf, int place)
    {
        var bits = _present[index] ??= new ulong[(_plan.RoutesIn(vrf) + 63) / 64];
        ref var word = ref bits[place >> 6];
        var bit = 1UL << (place & 63);
        if ((word & bit) != 0)
        {
            Repeated++;
            return;
        }

        word |= bit;
        Present++;
    }
}
