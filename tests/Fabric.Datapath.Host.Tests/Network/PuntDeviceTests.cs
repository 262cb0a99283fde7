using Fabric.Datapath.Host.PacketIo;
using Fabric.Datapath.Host.Tests.EndToEnd;
using Fabric.Datapath.Kernel.Punts;

namespace Fabric.Datapath.Host.Tests.Network;

/// <summary>The device of punted packets, fed as the kernel's programs feed it: by sending on it. Needs root.</summary>
[Category("Privileged")]
public sealed class PuntDeviceTests
{
    private static readonly byte[] _frame = [0, 0, 0x5E, 0, 1, 0, 2, 0, 0, 0, 0, 7, 8, 6, 0, 1, 8, 0];

    [Test]
    public void A_punted_frame_comes_with_the_device_that_it_came_in_by() =>
        OwnNamespace.Run(() =>
        {
            using var punts = Open();
            Send(punts.Device, [2, 1, 0x00, 0x01, 0x02, 0x03, 2, .. "Fabri"u8, 8, 6, .. _frame]);
            Assert.That(punts.TryRead(out var punt, out var offload, out var frame), Is.True);
            Assert.That(punt, Is.EqualTo(new PuntFrame(0x010203, PuntCause.Stale)));
            Assert.That(offload, Is.EqualTo(PacketOffload.None));
            Assert.That(frame.Packet.ToArray(), Is.EqualTo(_frame));
            Assert.That(frame.Offset, Is.AtLeast(PacketBuffer.MinimumHeadroom));
        });

    [Test]
    public void A_frame_of_the_hosts_own_stack_is_none() =>
        OwnNamespace.Run(() =>
        {
            using var punts = Open();
            Send(punts.Device, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 1, 8, 6, .. _frame]);
            Assert.That(punts.TryRead(out _, out _, out _), Is.False);
        });

    private static PuntDevice Open()
    {
        var punts = new PuntDevice();
        // Without an address of IPv6 the host's stack says nothing there by itself, now or in a moment.
        Shell.Run($"ip link set {punts.Device.Name} addrgenmode none up");
        return punts;
    }

    private static void Send(NetworkDevice device, byte[] frame)
    {
        using var socket = PacketSocket.OpenFrames(device);
        using var sends = new SendBatch();
        var port = new PortLane(vif: 1);
        sends.Add(port, socket.Descriptor, frame, PacketOffload.None);
        sends.Flush();
        Assert.That(port.Counters, Is.EqualTo(new PortCounters(0, 0, 0, Sent: 1, SendErrors: 0)));
    }
}
