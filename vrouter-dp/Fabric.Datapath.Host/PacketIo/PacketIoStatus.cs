using Fabric.Datapath.Host.Cache;
using Fabric.Primitives;

namespace Fabric.Datapath.Host.PacketIo;

/// <summary>The ports of packet I/O as they are, for operators.</summary>
/// <param name="Uplink">The underlay's device.</param>
/// <param name="Vifs">The virtual interfaces' devices.</param>
/// <param name="Cache">The kernel's programs.</param>
public sealed record PacketIoStatus(PortStatus Uplink, EquatableArray<PortStatus> Vifs, CacheStatus Cache);

/// <summary>One device. Received is from the device's peer (a VM, the underlay) to us.</summary>
/// <param name="Vif">The virtual interface; absent for the uplink.</param>
/// <param name="Device">Its network device.</param>
/// <param name="Problem">Why no packets flow, in words; absent when they do.</param>
/// <param name="Counters">Packets since the process started.</param>
public sealed record PortStatus(uint? Vif, string Device, string? Problem, PortCounters Counters);

/// <param name="Received">Packets handed to the pipeline.</param>
/// <param name="ReceiveErrors">Packets that were longer than a buffer or that the kernel could not hand over.</param>
/// <param name="Missed">Packets that came while the socket's queue was full, as the kernel counts them.</param>
/// <param name="Sent">Packets that the kernel took.</param>
/// <param name="SendErrors">Packets that it refused.</param>
public readonly record struct PortCounters(long Received, long ReceiveErrors, long Missed, long Sent, long SendErrors)
{
    public static PortCounters operator +(PortCounters left, PortCounters right) =>
        new(
            left.Received + right.Received,
            left.ReceiveErrors + right.ReceiveErrors,
            left.Missed + right.Missed,
            left.Sent + right.Sent,
            left.SendErrors + right.SendErrors
        );
}
