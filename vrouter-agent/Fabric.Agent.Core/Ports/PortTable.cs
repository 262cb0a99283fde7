using Fabric.Agent.Core.Allocation;
using Fabric.Agent.Core.Config;

namespace Fabric.Agent.Core.Ports;

/// <summary>
/// The plugged ports, and which of them work. Both halves are needed, the plug and the configuration, in either order; this
/// is computed from the two as they are, never from how they came.
/// </summary>
public sealed class PortTable(Identifiers identifiers)
{
    private readonly Dictionary<string, Port> _plugged = [];
    private readonly SortedDictionary<string, PortState> _states = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ActivePort> _active = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, Port> Plugged => _plugged;

    /// <summary>By port id, in its order.</summary>
    public IReadOnlyDictionary<string, PortState> States => _states;

    /// <summary>By port id, in its order.</summary>
    public IReadOnlyDictionary<string, ActivePort> Active => _active;

    /// <summary>True when something changed.</summary>
    public bool Plug(Port port)
    {
        if (_plugged.TryGetValue(port.Id, out var known) && known == port)
        {
            return false;
        }

        _plugged[port.Id] = port;
        return true;
    }

    public bool Unplug(string id) => _plugged.Remove(id);

    public void Evaluate(ConfigView config)
    {
        _states.Clear();
        _active.Clear();
        HashSet<string> devices = [];
        foreach (var port in _plugged.Values.OrderBy(port => port.Id, StringComparer.Ordinal))
        {
            var (state, active) = Evaluate(port, config, devices);
            _states.Add(port.Id, state);
            if (active is not null)
            {
                _active.Add(port.Id, active);
            }
        }
    }

    private (PortState State, ActivePort? Active) Evaluate(Port port, ConfigView config, HashSet<string> devices)
    {
        if (!port.Enabled)
        {
            return (PortState.Disabled, null);
        }

        // Until the view has come whole a group that a port names may be on its way; a port without it would refuse what it allowed.
        if (!config.IsComplete || config.Port(port.Id) is not { } configured)
        {
            return (PortState.AwaitsConfig, null);
        }

        if (config.Network(configured.Network) is not { } network)
        {
            return (PortState.AwaitsNetwork, null);
        }

        if (!devices.Add(port.Device))
        {
            return (PortState.DeviceInUse, null);
        }

        return
            identifiers.Vrfs.TryAssign(network.VrfName, out var vrf)
            && identifiers.Vifs.TryAssign(port.Id, out var vif)
            && identifiers.Labels.TryAssign(port.Id, out var label)
            ? (PortState.Active, new ActivePort(port, configured, network, vrf, vif, label))
            : (PortState.NoFreeIdentifier, null);
    }
}
