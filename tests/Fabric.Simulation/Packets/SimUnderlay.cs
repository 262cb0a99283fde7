using Fabric.Simulation.Kernel;
using Fabric.Wire.Packets;

namespace Fabric.Simulation.Packets;

/// <summary>
/// The network between tunnel end points: carries an IPv4 packet to whoever has its destination address, late, and when told so
/// not at all or in another order.
/// </summary>
public sealed class SimUnderlay(SimScheduler scheduler)
{
    private const int LongestDelayMicroseconds = 300;
    private const int ReorderDelayMicroseconds = 5_000;

    private readonly Dictionary<uint, Action<byte[]>> _receivers = [];

    /// <summary>From 0 to 1.</summary>
    public double Loss { get; set; }

    /// <summary>The share of packets, from 0 to 1, that later ones may pass.</summary>
    public double Reorder { get; set; }

    /// <summary>Sees every packet that is sent.</summary>
    public Action<byte[]>? Capture { get; set; }

    public void Attach(uint address, Action<byte[]> receiver) => _receivers[address] = receiver;

    public void Detach(uint address) => _receivers.Remove(address);

    public void Send(byte[] packet)
    {
        Capture?.Invoke(packet);
        if (!Ipv4Header.TryRead(packet, out var header) || scheduler.Random.NextDouble() < Loss)
        {
            return;
        }

        var destination = header.Destination;
        var isLate = scheduler.Random.NextDouble() < Reorder;
        var delay = TimeSpan.FromMicroseconds(20 + scheduler.Random.Next(isLate ? ReorderDelayMicroseconds : LongestDelayMicroseconds));
        scheduler.Schedule(
            delay,
            () =>
            {
                if (_receivers.TryGetValue(destination, out var receiver))
                {
                    receiver(packet);
                }
            }
        );
    }
}
