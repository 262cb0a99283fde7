using Fabric.Config;
using Fabric.Model.Config;
using Fabric.Primitives;
using Fabric.Simulation.Nodes;
using Fabric.Simulation.Packets;

namespace Fabric.Simulation;

/// <summary>The operator and the orchestrator: what is configured, and which VMs run where.</summary>
public sealed partial class FabricSim
{
    private const uint FirstVmAddress = 10;
    private const uint FirstEndpointLabel = 1000;

    private readonly SortedDictionary<string, IpPrefix> _subnets = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SecurityGroup> _groups = new(StringComparer.Ordinal);
    private readonly SortedSet<(string First, string Second)> _connections = [];
    private int _lastVm;
    private int _lastEndpoint;

    internal IEnumerable<string> NetworkNames => _subnets.Keys;

    internal IReadOnlyDictionary<string, SecurityGroup> Groups => _groups;

    internal IReadOnlySet<(string First, string Second)> Connections => _connections;

    public FabricSim Network(string name, string prefix) => AddNetwork(name, IpPrefix.Parse(prefix));

    /// <summary>A VM with a configured and plugged port; its address is the next one of the network.</summary>
    public FabricSim Vm(string name, int host, string network, params string[] groups)
    {
        var subnet = _subnets[network];
        var number = ++_lastVm;
        var gateway = IpAddress.FromIpv4(subnet.Address.Ipv4 + 1);
        var address = IpAddress.FromIpv4(subnet.Address.Ipv4 + FirstVmAddress + (uint)number);
        var vm = new SimVm(name, number, network, subnet, gateway, address) { Host = host, SecurityGroups = groups };
        _vms.Add(name, vm);
        Note($"vm {name} on host{host} in {network}");
        RequestPort(vm);
        _hosts[host - 1].Plug(vm);
        return this;
    }

    /// <summary>An endpoint behind the first gateway, in the gateway's VRF of the network.</summary>
    public FabricSim Endpoint(string name, string network, string address)
    {
        var number = (uint)++_lastEndpoint;
        var gateway = _gateways[0];
        var rd = RouteDistinguisher.Parse($"{gateway.Address}:{number}");
        RunUntilQuiet();
        var key = new ConfigKey(ConfigKind.VirtualNetwork, ConfigObject.DefaultProject, network);
        var stored = (VirtualNetwork)_controlNodes[0].Store.Load().Objects.First(item => item.Value.Key == key).Value;
        Note($"endpoint {name} in {network}");
        gateway.Add(
            new GatewayEndpoint(name, network, IpAddress.Parse(address), rd, new MplsLabel(FirstEndpointLabel + number)),
            stored.RouteTarget!.Value
        );
        return this;
    }

    public FabricSim RemoveEndpoint(string name)
    {
        Note($"remove endpoint {name}");
        _gateways[0].Remove(name);
        return this;
    }

    /// <summary>Connects two networks: each imports the other's route target.</summary>
    public FabricSim Connect(string first, string second)
    {
        if (_connections.Add((first, second)))
        {
            Note($"connect {first} {second}");
            Request(ConfigEdit.Put(new NetworkConnection($"{first}-{second}", [first, second])));
        }

        return this;
    }

    public FabricSim Disconnect(string first, string second)
    {
        if (_connections.Remove((first, second)))
        {
            Note($"disconnect {first} {second}");
            var key = new ConfigKey(ConfigKind.NetworkConnection, ConfigObject.DefaultProject, $"{first}-{second}");
            Request(ConfigEdit.Delete(key));
        }

        return this;
    }

    public FabricSim SecurityGroup(string name, params SecurityGroupRule[] rules)
    {
        Note($"group {name}: {string.Join(", ", rules.Select(rule => rule.ToString()))}");
        _groups[name] = new SecurityGroup(name, Rules: [.. rules]);
        Request(ConfigEdit.Put(_groups[name]));
        return this;
    }

    public FabricSim SetGroups(string vm, params string[] groups)
    {
        Note($"groups of {vm}: {string.Join(' ', groups)}");
        _vms[vm].SecurityGroups = groups;
        RequestPort(_vms[vm]);
        return this;
    }

    public FabricSim Plug(string vm)
    {
        Note($"plug {vm}");
        _hosts[_vms[vm].Host - 1].Plug(_vms[vm]);
        return this;
    }

    public FabricSim Unplug(string vm)
    {
        Note($"unplug {vm}");
        _hosts[_vms[vm].Host - 1].Unplug(_vms[vm]);
        _numbers.Forget(_vms[vm].PortId.ToString("D"));
        return this;
    }

    /// <summary>Unplugs a VM and deletes its port.</summary>
    public FabricSim Delete(string vm)
    {
        Unplug(vm);
        Note($"delete {vm}");
        _vms.Remove(vm);
        Request(ConfigEdit.Delete(new ConfigKey(ConfigKind.Port, ConfigObject.DefaultProject, vm)));
        return this;
    }

    /// <summary>Moves a VM to another host with all that it is.</summary>
    public FabricSim Migrate(string vm, int host)
    {
        Note($"migrate {vm} to host{host}");
        var moved = _vms[vm];
        var wasPlugged = moved.IsPlugged;
        _hosts[moved.Host - 1].Unplug(moved);
        _numbers.Forget(moved.PortId.ToString("D"));
        moved.Host = host;
        RequestPort(moved);
        if (wasPlugged)
        {
            _hosts[host - 1].Plug(moved);
        }

        return this;
    }

    private FabricSim AddNetwork(string name, IpPrefix prefix)
    {
        Note($"network {name} {prefix}");
        _subnets.Add(name, prefix);
        Request(ConfigEdit.Put(new VirtualNetwork(name)), ConfigEdit.Put(new Subnet(name, name, prefix)));
        return this;
    }

    private void RequestPort(SimVm vm) =>
        Request(
            ConfigEdit.Put(
                new Port(
                    vm.Name,
                    vm.Network,
                    Id: vm.PortId,
                    Host: $"host{vm.Host}",
                    Addresses: [vm.Address],
                    MacAddress: vm.Mac,
                    SecurityGroups: [.. vm.SecurityGroups]
                )
            )
        );

    /// <summary>Every control node gets every request in the same order; one that is down gets it when it is back.</summary>
    private void Request(params ConfigEdit[] edits)
    {
        _requests.Add(edits);
        foreach (var node in _controlNodes)
        {
            node.CatchUp(_requests);
        }
    }
}
