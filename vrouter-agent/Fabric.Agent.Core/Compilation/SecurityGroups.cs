using Fabric.Agent.Core.Config;
using Fabric.Model.AgentView;
using Fabric.Model.Datapath;
using Fabric.Primitives;

namespace Fabric.Agent.Core.Compilation;

/// <summary>Security groups as access lists, whose ids are those of the groups.</summary>
public static class SecurityGroups
{
    /// <summary>
    /// The list of a port whose group is not known (yet): it allows nothing. Without it such a port would have no list at
    /// all, which allows everything.
    /// </summary>
    public const uint Unresolved = uint.MaxValue;

    /// <summary>The ids of the port's groups that are known, in order, as routes carry them.</summary>
    public static EquatableArray<uint> Known(AgentPort port, ConfigView config) =>
        port
            .SecurityGroups.Select(config.SecurityGroup)
            .OfType<AgentSecurityGroup>()
            .Select(group => group.Id)
            .Distinct()
            .Order()
            .ToEquatableArray();

    /// <summary>The access lists of the port's vif.</summary>
    public static IEnumerable<uint> ListsOf(AgentPort port, ConfigView config)
    {
        var isMissingOne = port.SecurityGroups.Any(name => config.SecurityGroup(name) is null);
        return isMissingOne ? Known(port, config).Append(Unresolved) : Known(port, config);
    }

    public static Dictionary<uint, AccessListEntry> Compile(ConfigView config)
    {
        Dictionary<uint, AccessListEntry> lists = new()
        {
            [Unresolved] = new AccessListEntry { Id = Unresolved, Name = "unresolved" },
        };
        foreach (var group in config.SecurityGroups.OrderBy(group => group.Name, StringComparer.Ordinal))
        {
            lists.TryAdd(group.Id, Compile(group));
        }

        return lists;
    }

    private static AccessListEntry Compile(AgentSecurityGroup group)
    {
        var list = new AccessListEntry { Id = group.Id, Name = ShownName(group.Name) };
        list.Rules.AddRange(group.Rules.Where(rule => rule.RemotePrefix is not { Kind: not AddressKind.Ipv4 }).Select(Compile));
        return list;
    }

    /// <summary>Flows and drops show GROUP/RULE: people know the group by its own name, with the project before it where that is not the default one.</summary>
    private static string ShownName(string qualifiedName)
    {
        const string Domain = "default-domain:";
        const string Project = "default-project:";
        var name = qualifiedName.StartsWith(Domain, StringComparison.Ordinal) ? qualifiedName[Domain.Length..] : qualifiedName;
        return name.StartsWith(Project, StringComparison.Ordinal) ? name[Project.Length..] : name;
    }

    private static AccessRule Compile(AgentSecurityGroupRule rule) =>
        new()
        {
            Name = rule.Name,
            Direction = rule.Direction == TrafficDirection.Ingress ? Direction.Ingress : Direction.Egress,
            Protocol = rule.Protocol,
            PortMin = rule.PortMin,
            PortMax = rule.PortMax,
            RemotePrefix = rule.RemotePrefix?.Address.Ipv4 ?? 0,
            RemoteLength = rule.RemotePrefix?.Length ?? 0u,
            RemoteGroup = rule.RemoteGroup,
        };
}
