namespace Fabric.Datapath.Shared;

/// <summary>
/// What the host tells the programs of its network devices. Called on the worker loop. Ids and indexes above the sizes of the memory are
/// left out: their packets are C#'s alone.
/// </summary>
public sealed class SharedDevices(SharedMemory memory)
{
    /// <summary>Gives a virtual interface its device, which is no other's any more, as it has no other one.</summary>
    /// <param name="vif">The virtual interface.</param>
    /// <param name="interfaceIndex">Its device on the host's side.</param>
    /// <param name="isPeer">The device is a veth whose other end is in another network namespace.</param>
    public void AttachVif(uint vif, uint interfaceIndex, bool isPeer)
    {
        if (!memory.Vifs.Has(vif))
        {
            return;
        }

        ref var slot = ref memory.Vifs[(int)vif];
        if (slot.Device != interfaceIndex)
        {
            DetachVif(vif);
        }

        if (!memory.Devices.Has(interfaceIndex))
        {
            return;
        }

        ref readonly var device = ref memory.Devices[(int)interfaceIndex];
        if (device.Role == DeviceRole.Vif && device.Vif != vif)
        {
            DetachVif(device.Vif);
        }

        slot.Flags = isPeer ? slot.Flags | VifFlags.Peer : slot.Flags & ~VifFlags.Peer;
        slot.Device = interfaceIndex;
        Set(interfaceIndex, DeviceRole.Vif, vif);
    }

    public void DetachVif(uint vif)
    {
        if (memory.Vifs.Has(vif))
        {
            ref var slot = ref memory.Vifs[(int)vif];
            var device = slot.Device;
            slot.Device = 0;
            if (memory.Devices.Has(device) && memory.Devices[(int)device] is { Role: DeviceRole.Vif } attached && attached.Vif == vif)
            {
                Detach(device);
            }
        }
    }

    public void AttachUplink(uint interfaceIndex) => Set(interfaceIndex, DeviceRole.Uplink, vif: 0);

    public void Detach(uint interfaceIndex) => Set(interfaceIndex, DeviceRole.None, vif: 0);

    /// <summary>Misses of a virtual interface, and from the underlay to it, that may come up in a second; 0 is no limit.</summary>
    public void LimitMisses(uint vif, uint perSecond)
    {
        if (memory.Vifs.Has(vif))
        {
            memory.Vifs[(int)vif].MissRate = perSecond;
        }
    }

    /// <summary>Packets of the underlay that lead to no virtual interface and may come up in a second; 0 is no limit.</summary>
    public void LimitMissesOfUnderlay(uint perSecond) => memory.Host.MissRate = perSecond;

    private void Set(uint interfaceIndex, DeviceRole role, uint vif)
    {
        if (interfaceIndex != 0 && memory.Devices.Has(interfaceIndex))
        {
            memory.Devices[(int)interfaceIndex].Set(role, vif);
        }
    }
}
