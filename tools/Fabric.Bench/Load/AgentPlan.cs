using System.Text;

namespace Fabric.Bench.Load;

/// <summary>
/// Who imports and who wants what, as arithmetic: VRF <c>v</c> imports route target 1 + v / 10, so that ten VRFs share one; agent <c>a</c> is in
/// the VRFs a, a + 50, a + 100 and so on, so that four agents are in each VRF and no two VRFs of an agent have a route in common.
/// </summary>
internal sealed class AgentPlan(RouteTable table)
{
    public const int Vrfs = 1000;
    public const int Agents = 200;
    public const int VrfsPerAgent = 20;
    public const int Targets = 100;
    private const int VrfsPerTarget = Vrfs / Targets;
    private const int Stride = Vrfs / VrfsPerAgent;

    private static readonly byte[][] s_nodes = [.. Enumerable.Range(0, Vrfs).Select(vrf => Encoding.ASCII.GetBytes($"1/1/{NameOf(vrf)}"))];

    /// <summary>Routes in all VRFs together.</summary>
    public long Imported => Enumerable.Range(0, Targets).Sum(target => (long)RoutesOf(target) * VrfsPerTarget);

    /// <summary>Routes that all agents together are to have.</summary>
    public long Wanted =>
        Enumerable.Range(0, Agents).Sum(agent => Enumerable.Range(0, VrfsPerAgent).Sum(slot => (long)RoutesIn(VrfOf(agent, slot))));

    public static string NetworkOf(int vrf) => $"v{vrf}";

    /// <summary>The VRF's full name.</summary>
    public static string NameOf(int vrf) => $"default-domain:bench:{NetworkOf(vrf)}:{NetworkOf(vrf)}";

    /// <summary>The number in the route target of <see cref="RouteTable.RouteTargetOf"/>.</summary>
    public static int TargetOf(int vrf) => 1 + (vrf / VrfsPerTarget);

    /// <summary>The VRF's network with a port on the host of each agent that is in it: an agent is told of no other VRF.</summary>
    public static IEnumerable<Dictionary<string, object>> ObjectsOf(int vrf) =>
        [
            Object(
                "virtual-network",
                NetworkOf(vrf),
                ("import-route-targets", new[] { $"target:{RouteTable.AutonomousSystem}:{TargetOf(vrf)}" })
            ),
            Object("subnet", NetworkOf(vrf), ("network", NetworkOf(vrf)), ("prefix", "10.0.0.0/24")),
            .. Enumerable
                .Range(0, Agents)
                .Where(agent => SlotOf(agent, vrf) >= 0)
                .Select(agent =>
                    Object("port", $"{NetworkOf(vrf)}-{agent}", ("network", NetworkOf(vrf)), ("host", AgentSession.NameOf(agent)))
                ),
        ];

    public static int VrfOf(int agent, int slot) => (agent + (slot * Stride)) % Vrfs;

    /// <summary>Which of the agent's VRFs it is; -1 for one that it is not in.</summary>
    public static int SlotOf(int agent, int vrf)
    {
        var distance = (vrf - agent + Vrfs) % Vrfs;
        return distance % Stride == 0 ? distance / Stride : -1;
    }

    /// <summary>The VRF of a table's node, "1/1/default-domain:bench:v7:v7"; -1 for another node.</summary>
    public static int VrfOf(ReadOnlySpan<byte> node)
    {
        var digits = node[(node.LastIndexOf((byte)'v') + 1)..];
        return
            System.Buffers.Text.Utf8Parser.TryParse(digits, out int vrf, out _)
            && vrf is >= 0 and < Vrfs
            && node.SequenceEqual(s_nodes[vrf])
            ? vrf
            : -1;
    }

    public int RoutesIn(int vrf) => RoutesOf(TargetOf(vrf) - 1);

    /// <summary>The route's place among those of the VRF; -1 where it is not one of them.</summary>
    public int PlaceOf(int vrf, int route)
    {
        var set = route / RouteTable.RoutesPerSet;
        return (uint)route < (uint)table.Routes && set % Targets == TargetOf(vrf) - 1
            ? (set / Targets * RouteTable.RoutesPerSet) + (route % RouteTable.RoutesPerSet)
            : -1;
    }

    private static Dictionary<string, object> Object(string kind, string name, params ReadOnlySpan<(string Key, object Value)> keys)
    {
        var value = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["kind"] = kind,
            ["project"] = "bench",
            ["name"] = name,
        };
        foreach (var (key, said) in keys)
        {
            value.Add(key, said);
        }

        return value;
    }

    // Sets are dealt out to the targets in turn.
    private int RoutesOf(int target) => (table.LoadedSets - target + Targets - 1) / Targets * RouteTable.RoutesPerSet;
}
