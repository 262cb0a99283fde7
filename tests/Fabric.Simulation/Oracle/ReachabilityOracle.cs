using Fabric.Model.AgentView;
using Fabric.Model.Config;
using Fabric.Simulation.Packets;
using Fabric.Wire.Packets;

namespace Fabric.Simulation.Oracle;

/// <summary>
/// Who may reach whom, by brute force from what the operator asked for and what is plugged: no routes, no labels, no tables. It
/// shares no code with what it judges but the names of the configuration.
/// </summary>
internal static class ReachabilityOracle
{
    public static bool MayReach(FabricSim fabric, SimVm from, SimVm to, ProbeKind kind, ushort port) =>
        HaveWay(fabric, from, to) && DeniedAt(fabric, from, to, kind, port) is null;

    /// <summary>The one of two VMs with a way between them whose groups let the request not pass; null where both let it, or where there is no way.</summary>
    public static SimVm? DeniedAt(FabricSim fabric, SimVm from, SimVm to, ProbeKind kind, ushort port) =>
        !HaveWay(fabric, from, to) ? null
        : !Allows(fabric, TrafficDirection.Egress, from, to, kind, port) ? from
        : !Allows(fabric, TrafficDirection.Ingress, to, from, kind, port) ? to
        : null;

    /// <summary>An endpoint behind a gateway has no groups, and its VRF imports its own network's target alone, so a connected network gets no answer.</summary>
    public static bool MayReachEndpoint(FabricSim fabric, SimVm vm, string network) =>
        vm.IsPlugged && vm.Network == network && AllowsEndpoint(fabric, TrafficDirection.Egress, vm);

    public static bool MayBeReachedByEndpoint(FabricSim fabric, SimVm vm, string network) =>
        vm.IsPlugged && vm.Network == network && AllowsEndpoint(fabric, TrafficDirection.Ingress, vm);

    private static bool HaveWay(FabricSim fabric, SimVm from, SimVm to) =>
        from.IsPlugged && to.IsPlugged && AreConnected(fabric, from.Network, to.Network);

    private static bool AreConnected(FabricSim fabric, string first, string second) =>
        first == second || fabric.Connections.Contains((first, second)) || fabric.Connections.Contains((second, first));

    private static bool AllowsEndpoint(FabricSim fabric, TrafficDirection direction, SimVm vm) =>
        RulesOf(fabric, direction, vm) is not { } rules
        || rules.Exists(static rule => Matches(rule, ProbeKind.Ping, 0) && rule is { RemoteGroup: null, RemotePrefix: null });

    private static bool Allows(FabricSim fabric, TrafficDirection direction, SimVm own, SimVm remote, ProbeKind kind, ushort port) =>
        RulesOf(fabric, direction, own) is not { } rules || rules.Exists(rule => Matches(rule, kind, port) && MatchesRemote(rule, remote));

    /// <summary>Null where nothing restricts the direction: no group, or only groups that say nothing about egress.</summary>
    private static List<SecurityGroupRule>? RulesOf(FabricSim fabric, TrafficDirection direction, SimVm vm)
    {
        if (vm.SecurityGroups.Length == 0)
        {
            return null;
        }

        List<SecurityGroupRule> rules = [];
        foreach (var group in vm.SecurityGroups)
        {
            var own = fabric.Groups[group].Rules.Where(rule => IsOf(rule, direction)).ToList();
            if (direction == TrafficDirection.Egress && own.Count == 0)
            {
                return null;
            }

            rules.AddRange(own);
        }

        return rules;
    }

    private static bool IsOf(SecurityGroupRule rule, TrafficDirection direction) =>
        RuleMatch.TryReadDirection(rule.Direction, out var read) && read == direction;

    private static bool Matches(SecurityGroupRule rule, ProbeKind kind, ushort port)
    {
        RuleMatch.TryReadProtocol(rule.Protocol, out var protocol);
        RuleMatch.TryReadPorts(rule.Ports, out var first, out var last);
        var sent = kind == ProbeKind.Ping ? IpProtocol.Icmp : IpProtocol.Tcp;
        var number = kind == ProbeKind.Ping ? (byte)Icmpv4Type.Echo : port;
        return (protocol == 0 || protocol == sent) && number >= first && number <= last;
    }

    private static bool MatchesRemote(SecurityGroupRule rule, SimVm remote) =>
        rule.RemoteGroup is { } group ? remote.SecurityGroups.Contains(group)
        : rule.RemotePrefix is { } prefix ? prefix.Contains(remote.Address)
        : true;
}
