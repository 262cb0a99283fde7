namespace Fabric.Lab.Definition;

/// <summary>What must hold between the parts of a lab: names are unique, references lead somewhere, addresses lie in their prefix.</summary>
internal static class LabRules
{
    public static IEnumerable<string> Violations(LabDefinition lab) =>
        [
            .. Required(lab),
            .. Duplicates(
                "name",
                [
                    .. lab.Nodes.Select(node => node.Name),
                    .. lab.Machines.Select(machine => machine.Name),
                    "underlay",
                    Nodes.KafkaCluster.Name,
                ]
            ),
            .. Duplicates("underlay address", lab.Nodes.Select(node => node.Address.ToString())),
            .. Duplicates("network", lab.Networks.Select(network => network.Name)),
            .. Duplicates("security group", lab.SecurityGroups.Select(group => group.Name)),
            .. Duplicates("address of a network", lab.Machines.Select(machine => $"{machine.Network} {machine.Address}")),
            .. lab
                .Nodes.Where(node => !lab.Underlay.Contains(node.Address))
                .Select(node => $"{node.Name}: {node.Address} is not in the underlay {lab.Underlay}"),
            .. lab.Machines.SelectMany(machine => Violations(lab, machine)),
        ];

    private static IEnumerable<string> Required(LabDefinition lab)
    {
        if (lab.ControlNodes.Count is 0 or > 2)
        {
            yield return "control-nodes: a host connects to one or two";
        }

        if (lab.Hosts.Count == 0)
        {
            yield return "hosts: there must be one";
        }
    }

    private static IEnumerable<string> Violations(LabDefinition lab, LabMachine machine)
    {
        if (lab.Hosts.All(host => host.Name != machine.Host))
        {
            yield return $"{machine.Name}: there is no host '{machine.Host}'";
        }

        foreach (var group in machine.SecurityGroups.Where(name => lab.SecurityGroups.All(group => group.Name != name)))
        {
            yield return $"{machine.Name}: there is no security group '{group}'";
        }

        if (lab.Networks.FirstOrDefault(network => network.Name == machine.Network) is not { } network)
        {
            yield return $"{machine.Name}: there is no network '{machine.Network}'";
        }
        else if (
            !network.Prefix.Contains(machine.Address)
            || machine.Address.Equals(network.Gateway)
            || machine.Address.Equals(network.Prefix.BaseAddress)
        )
        {
            yield return $"{machine.Name}: {machine.Address} is no address for a machine of {network.Prefix}";
        }
    }

    private static IEnumerable<string> Duplicates(string what, IEnumerable<string> values) =>
        values
            .GroupBy(value => value, StringComparer.Ordinal)
            .Where(group => group.Count() > 1)
            .Select(group => $"{what} '{group.Key}' is given {group.Count()} times");
}
