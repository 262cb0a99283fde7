using Fabric.Model.Config;

namespace Fabric.Intent.Graph;

/// <summary>The input of the graph: the objects as they stand, with who refers to whom.</summary>
internal sealed class ConfigTables
{
    private readonly Dictionary<ConfigKey, ConfigObject> _objects = [];

    /// <summary>Subnets, ports and connections by the network that they name, whether it exists or not.</summary>
    public ReferenceIndex<ConfigKey> OfNetwork { get; } = new();

    /// <summary>Ports and groups by the group that they name.</summary>
    public ReferenceIndex<ConfigKey> OfGroup { get; } = new();

    public ReferenceIndex<string> PortsOfHost { get; } = new();

    public GlobalConfig Global =>
        Find<GlobalConfig>(new ConfigKey(ConfigKind.GlobalConfig, "", GlobalConfig.OnlyName))
        ?? new GlobalConfig(EncapsulationPriority: ["gre"]);

    public T? Find<T>(ConfigKey key)
        where T : ConfigObject => _objects.GetValueOrDefault(key) as T;

    /// <summary>Replaces an object and returns what stood there.</summary>
    public ConfigObject? Replace(ConfigKey key, ConfigObject? after)
    {
        var before = _objects.GetValueOrDefault(key);
        if (after is null)
        {
            _objects.Remove(key);
        }
        else
        {
            _objects[key] = after;
        }

        OfNetwork.Update(key, NetworksOf(before), NetworksOf(after));
        OfGroup.Update(key, GroupsOf(before), GroupsOf(after));
        PortsOfHost.Update(key, HostsOf(before), HostsOf(after));
        return before;
    }

    public static IEnumerable<ConfigKey> NetworksOf(ConfigObject? value) =>
        value switch
        {
            Subnet subnet => [NetworkKey(subnet.Project, subnet.Network)],
            Port port => [NetworkKey(port.Project, port.Network)],
            NetworkConnection connection => connection.Networks.Select(network => NetworkKey(connection.Project, network)),
            _ => [],
        };

    public static IEnumerable<ConfigKey> GroupsOf(ConfigObject? value) =>
        value switch
        {
            Port port => port.SecurityGroups.Select(group => GroupKey(port.Project, group)),
            SecurityGroup group => group
                .Rules.Select(rule => rule.RemoteGroup)
                .OfType<string>()
                .Select(remote => GroupKey(group.Project, remote)),
            _ => [],
        };

    public static IEnumerable<string> HostsOf(ConfigObject? value) => value is Port { Host: { } host } ? [host] : [];

    public static ConfigKey NetworkKey(string project, string reference) =>
        ConfigKey.Resolve(ConfigKind.VirtualNetwork, project, reference);

    public static ConfigKey GroupKey(string project, string reference) => ConfigKey.Resolve(ConfigKind.SecurityGroup, project, reference);
}
