using Fabric.Agent.Core.Ports;
using Fabric.Model.Datapath;

namespace Fabric.Agent.Streaming;

/// <summary>
/// Names of what the data plane tells by number. They come from the batches that it was sent, and stay when an interface or a VRF is removed: the end of its
/// sessions is reported afterwards. A number is given again only after all others of its range, and then has the new name; there are 65,535 of each.
/// </summary>
internal sealed class PortNames
{
    private readonly Dictionary<uint, PortName> _vifs = [];
    private readonly Dictionary<uint, string> _vrfs = [];

    public void Take(Batch batch, IReadOnlyDictionary<string, ActivePort> ports)
    {
        foreach (var vrf in batch.Vrfs)
        {
            _vrfs[vrf.Id] = vrf.Name;
        }

        foreach (var vif in batch.Vifs)
        {
            _vifs[vif.Id] = new PortName(vif.PortId, MachineOf(ports.GetValueOrDefault(vif.PortId)), vif.Network, Vrf(vif.Vrf));
        }
    }

    /// <summary>Null: there was never such an interface in this run of the agent.</summary>
    public PortName? Vif(uint id) => _vifs.GetValueOrDefault(id);

    /// <summary>Null: there was never such a VRF in this run of the agent.</summary>
    public string? Vrf(uint id) => _vrfs.GetValueOrDefault(id);

    private static string? MachineOf(ActivePort? port) =>
        port is null ? null
        : string.IsNullOrEmpty(port.Port.DisplayName) ? port.Config.DisplayName
        : port.Port.DisplayName;
}
