using Fabric.Model.Config;

namespace Fabric.Config.Validation;

internal static class SecurityGroupRules
{
    public static void Check(ConfigDraft draft, ConfigReport report)
    {
        var ids = new Dictionary<uint, ConfigKey>();
        foreach (var group in draft.Of<SecurityGroup>())
        {
            if (draft.Before<SecurityGroup>(group.Key) is { } before && before.Id != group.Id)
            {
                report.Add(group, ".id", $"The group's id is {before.Id} for as long as it lives.", "Leave the id out.");
            }

            if (!ids.TryAdd(group.Id, group.Key))
            {
                var other = ids[group.Id];
                report.Add(group, ".id", $"{other} has the id {group.Id}.", "Leave the id out: it is allocated.", other);
            }

            var names = new HashSet<string>();
            for (var i = 0; i < group.Rules.Count; i++)
            {
                CheckRule(group, $".rules[{i}]", group.Rules[i], names, report);
            }
        }
    }

    private static void CheckRule(SecurityGroup group, string path, SecurityGroupRule rule, HashSet<string> names, ConfigReport report)
    {
        var name = rule.Name ?? "";
        if (!ConfigValidator.IsName(name))
        {
            report.Add(group, path + ".name", $"'{name}' is not a name.", ConfigValidator.NameHint);
        }
        else if (!names.Add(name))
        {
            report.Add(group, path + ".name", $"The group has another rule '{name}'.", "Give each rule its own name, or none.");
        }

        if (!RuleMatch.TryReadDirection(rule.Direction, out _))
        {
            report.Add(group, path + ".direction", $"'{rule.Direction}' is no direction.", "Use \"ingress\" or \"egress\".");
        }

        var hasProtocol = RuleMatch.TryReadProtocol(rule.Protocol, out var protocol);
        if (!hasProtocol)
        {
            report.Add(
                group,
                path + ".protocol",
                $"'{rule.Protocol}' is no protocol.",
                "Use tcp, udp, icmp, any, or a number from 1 to 255."
            );
        }

        if (!RuleMatch.TryReadPorts(rule.Ports, out _, out var last))
        {
            report.Add(group, path + ".ports", $"'{rule.Ports}' is no range of ports.", "Use \"80\" or \"80-90\", from 0 to 65535.");
        }
        else if (rule.Ports is not null && hasProtocol)
        {
            CheckPorts(group, path + ".ports", protocol, last, report);
        }

        CheckRemote(group, path, rule, report);
    }

    private static void CheckPorts(SecurityGroup group, string path, byte protocol, ushort last, ConfigReport report)
    {
        // SCTP, DCCP and UDP-Lite have ports where TCP has them, but flows are known by the ports of TCP and UDP only.
        if (protocol is not (1 or 6 or 17))
        {
            report.Add(group, path, "Ports need a protocol that has them.", "Set protocol to tcp, udp or icmp (where ports are types).");
        }
        else if (protocol == 1 && last > byte.MaxValue)
        {
            report.Add(group, path, "An ICMP type is a number from 0 to 255.", "Use the type, or leave ports out.");
        }
    }

    private static void CheckRemote(SecurityGroup group, string path, SecurityGroupRule rule, ConfigReport report)
    {
        if (rule.RemoteGroup is { } remote)
        {
            report.CheckReference(group, path + ".remote-group", ConfigKey.Resolve(ConfigKind.SecurityGroup, group.Project, remote));
        }

        if (rule is { RemoteGroup: not null, RemotePrefix: not null })
        {
            report.Add(
                group,
                path + ".remote-prefix",
                "A rule has one remote end.",
                "Keep the prefix or the group; write two rules for both."
            );
        }
    }
}
