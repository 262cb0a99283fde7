using Fabric.Simulation.Checks;
using Fabric.Simulation.Nodes;

namespace Fabric.Simulation;

/// <summary>What a test asks of the nodes, in words and in order.</summary>
public sealed partial class FabricSim
{
    /// <summary>The VPN routes of a control node: RD, prefix, label and next hop.</summary>
    public IReadOnlyList<string> VpnRoutes(string controlNode) =>
        [.. ControlNodeChecks.VpnRoutes(Control(controlNode)).Order(StringComparer.Ordinal)];

    /// <summary>The prefixes in the VRF of a network at a control node.</summary>
    public IReadOnlyList<string> VrfPrefixes(string controlNode, string network) =>
        [
            .. Control(controlNode)
                .Node!.Routes.Core.VrfRoutes($"default-domain:default-project:{network}:{network}")
                .Select(static route => route.Key.Prefix.ToString())
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>The route targets that a gateway was asked for, of both control nodes (RFC 4684).</summary>
    public IReadOnlyList<string> WantedTargets(string gateway) =>
        [
            .. _gateways
                .First(known => known.Name == gateway)
                .Sessions.SelectMany(static session => session.WantedTargets)
                .Select(static target => target.ToString())
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    private SimControlNode Control(string name) => _controlNodes.First(node => node.Name == name);
}
