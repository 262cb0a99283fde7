using Fabric.Bench.Datapath.Testbeds;
using Fabric.Model.Datapath;

namespace Fabric.Bench.Datapath;

/// <summary>A data plane that takes part.</summary>
/// <param name="Name">As the command line and the results have it.</param>
/// <param name="Create">Its topology, not started.</param>
internal sealed record Contender(string Name, Func<TestbedPlan, Testbed> Create)
{
    public const string Routing = "routing";
    public const string Vxlan = "vxlan";
    public const string VxlanFiltered = "vxlan-nft";
    public const string Ovs = "ovs";
    public const string OvsXdp = "ovs-afxdp";
    public const string OursGre = "ours-gre";
    public const string OursUdp = "ours-udp";
    public const string OursPlain = "ours-csharp";
    public const string OursPlainGre = "ours-csharp-gre";

    public static readonly IReadOnlyList<string> Peers = [Routing, Vxlan, VxlanFiltered, Ovs, OvsXdp];
    public static readonly IReadOnlyList<string> Ours = [OursGre, OursUdp, OursPlain, OursPlainGre];

    public bool IsOurs => Ours.Contains(Name);

    /// <summary>It takes processor time without any traffic: it lives only for its turn.</summary>
    public bool IsNeverIdle => Name == OvsXdp;

    /// <summary>What the machine lacks for it; null when nothing.</summary>
    public string? Missing { get; private init; }

    /// <param name="name">Its name.</param>
    /// <param name="program">The fabric-dp to measure.</param>
    /// <param name="workers">Its worker loops; null: its own default.</param>
    /// <exception cref="BenchException">There is none of that name.</exception>
    public static Contender Of(string name, string program, int? workers = null) =>
        name switch
        {
            Routing => new(name, plan => new KernelRouting(plan)),
            Vxlan => new(name, plan => new BridgeVxlan(plan, isFiltered: false)),
            VxlanFiltered => new(name, plan => new BridgeVxlan(plan, isFiltered: true)) { Missing = BridgeVxlan.MissingFilter },
            Ovs => new(name, plan => new OpenVSwitch(plan, usesXdp: false)) { Missing = OpenVSwitch.Missing },
            OvsXdp => new(name, plan => new OpenVSwitch(plan, usesXdp: true)) { Missing = OpenVSwitch.Missing },
            OursGre => OfOurs(name, program, TunnelKind.MplsOverGre, usesCache: true, workers),
            OursUdp => OfOurs(name, program, TunnelKind.MplsOverUdp, usesCache: true, workers),
            OursPlain => OfOurs(name, program, TunnelKind.MplsOverUdp, usesCache: false, workers),
            OursPlainGre => OfOurs(name, program, TunnelKind.MplsOverGre, usesCache: false, workers),
            _ => throw new BenchException($"there is no '{name}'; they are {string.Join(", ", Peers.Concat(Ours))}"),
        };

    private static Contender OfOurs(string name, string program, TunnelKind kind, bool usesCache, int? workers) =>
        new(name, plan => new FabricDatapath(name, plan, program, kind, usesCache, workers))
        {
            Missing = File.Exists(program) ? null : $"{program} is not there",
        };
}
