using Fabric.Datapath.Host.PacketIo;
using Fabric.Datapath.Shared;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Host.Cache;

/// <summary>Hands a packet that came up to the pipeline, as that of whoever has its device now.</summary>
internal static class PuntInput
{
    /// <param name="memory">Says whose devices are.</param>
    /// <param name="device">Interface index that it came in by; it may be nobody's by now.</param>
    /// <param name="frame">From its Ethernet header on.</param>
    /// <param name="offload">What is left to do; offsets count from the Ethernet header.</param>
    /// <param name="input">Takes it.</param>
    public static void HandOn(SharedMemory memory, uint device, ref PacketBuffer frame, in PacketOffload offload, IPacketInput input)
    {
        var slot = memory.Devices.Has(device) ? memory.Devices[(int)device] : default;
        switch (slot.Role)
        {
            case DeviceRole.Vif:
                input.FromVif(slot.Vif, ref frame, offload);
                break;
            case DeviceRole.Uplink when frame.Length < EthernetHeader.Size:
                input.Dropped(vif: null, DropReason.TruncatedFrame);
                break;
            case DeviceRole.Uplink:
                frame.Advance(EthernetHeader.Size);
                TunnelInput.HandOn(ref frame, offload.Behind(EthernetHeader.Size), input);
                break;
            default:
                input.Dropped(vif: null, DropReason.UnknownVif);
                break;
        }
    }
}
