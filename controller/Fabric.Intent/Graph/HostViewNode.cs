using System.Collections.Immutable;
using Fabric.Model.AgentView;
using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Intent.Graph;

/// <summary>
/// What a host needs: its ports, and their networks and groups. A port with a reference that leads
/// nowhere is not in the view, so it has no connectivity until the reference is whole.
/// </summary>
internal static class HostViewNode
{
    public static HostView? Evaluate(
        ConfigTables tables,
        IntentNode<ConfigKey, AgentVirtualNetwork> networks,
        IntentNode<ConfigKey, AgentSecurityGroup> groups,
        string host
    )
    {
        var view = HostView.Empty.Objects.ToBuilder();
        foreach (var port in tables.PortsOfHost[host].Select(tables.Find<Port>).OfType<Port>())
        {
            AddPort(port, view, networks, groups);
        }

        return view.Count == 0 ? null : new HostView(view.ToImmutable());
    }

    private static void AddPort(
        Port port,
        ImmutableSortedDictionary<HostViewKey, AgentViewObject>.Builder view,
        IntentNode<ConfigKey, AgentVirtualNetwork> networks,
        IntentNode<ConfigKey, AgentSecurityGroup> groups
    )
    {
        var network = networks[ConfigTables.NetworksOf(port).Single()];
        var portGroups = ConfigTables.GroupsOf(port).Select(key => groups[key]).OfType<AgentSecurityGroup>().ToList();
        if (network is null || portGroups.Count != port.SecurityGroups.Count || port is not { Id: { } id, MacAddress: { } mac })
        {
            return;
        }

        var agentPort = new AgentPort(
            id.ToString("D"),
            port.Name,
            network.Name,
            mac,
            port.Addresses,
            portGroups.Select(group => group.Name).ToEquatableArray()
        );
        foreach (var value in (IEnumerable<AgentViewObject>)[network, .. portGroups, agentPort])
        {
            view[HostViewKey.Of(value)] = value;
        }
    }
}
