using Fabric.Model.AgentView;
using Fabric.Model.Config;

namespace Fabric.Intent.Graph;

/// <summary>
/// A security group, as agents see it. Agents allow what a rule allows and nothing else, so a group without any egress rule, which
/// allows all egress, gets a rule that says so.
/// </summary>
internal static class GroupViewNode
{
    /// <summary>
    /// Stands for a remote group that is not there: an id that no port has, so the rule allows nobody. Without the rule a group could
    /// be left with no egress rule, which would open it.
    /// </summary>
    private const uint Nobody = uint.MaxValue;

    private static readonly AgentSecurityGroupRule AllEgress = new(
        "default-egress",
        TrafficDirection.Egress,
        Protocol: 0,
        PortMin: 0,
        PortMax: ushort.MaxValue,
        RemotePrefix: null,
        RemoteGroup: 0
    );

    public static AgentSecurityGroup? Evaluate(ConfigTables tables, ConfigKey key)
    {
        if (tables.Find<SecurityGroup>(key) is not { } group)
        {
            return null;
        }

        var rules = group.Rules.Select(rule => View(tables, group, rule)).ToList();
        if (!rules.Exists(rule => rule.Direction == TrafficDirection.Egress))
        {
            rules.Add(AllEgress);
        }

        return new AgentSecurityGroup(key.QualifiedName, group.Id, [.. rules]);
    }

    private static AgentSecurityGroupRule View(ConfigTables tables, SecurityGroup group, SecurityGroupRule rule)
    {
        RuleMatch.TryReadDirection(rule.Direction, out var direction);
        RuleMatch.TryReadProtocol(rule.Protocol, out var protocol);
        RuleMatch.TryReadPorts(rule.Ports, out var portMin, out var portMax);
        var remote = rule.RemoteGroup is { } name
            ? tables.Find<SecurityGroup>(ConfigTables.GroupKey(group.Project, name))?.Id ?? Nobody
            : 0;
        return new AgentSecurityGroupRule(rule.Name ?? "", direction, protocol, portMin, portMax, rule.RemotePrefix, remote);
    }
}
