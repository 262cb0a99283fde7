using Fabric.Datapath.Host.PacketIo;
using Fabric.Datapath.Host.Tests.EndToEnd;
using Fabric.Datapath.Host.Tests.PacketIo;

namespace Fabric.Datapath.Host.Tests.Network;

/// <summary>Trains through a kernel, from 192.0.2.1 to 192.0.2.2 on its loopback device. Needs root.</summary>
[Category("Privileged")]
public sealed class TrainSocketsTests
{
    private const uint Destination = 0xC000_0202;
    private const int LinkHeader = 14;

    [Test]
    public void A_train_arrives_as_one_packet_where_the_device_takes_it_so() =>
        OwnNamespace.Run(() =>
        {
            using var link = LayLink("on");
            using var sockets = new TrainSockets();
            using var batch = new ReceiveBatch();

            Assert.That(sockets.Send(TunnelPackets.Whole, TunnelPackets.SegmentSize), Is.EqualTo(TrainFate.Sent));

            Assert.That(batch.Receive(link.Descriptor, withHeader: true), Is.EqualTo(1));
            Assert.That(batch.Header(0).TryGetOffload(out var offload), Is.True);
            var packet = batch.Packet(0);
            packet.Advance(LinkHeader);
            Assert.That(DatagramTrain.TryOpen(packet, offload.Behind(LinkHeader), out var train), Is.True);
            Assert.That(train.TryNext(out var datagram), Is.True);
            Assert.That(datagram.Packet.ToArray(), Is.EqualTo(TunnelPackets.First));
        });

    [Test]
    public void A_train_is_cut_by_the_kernel_where_the_device_does_not() =>
        OwnNamespace.Run(() =>
        {
            using var link = LayLink("off");
            using var sockets = new TrainSockets();
            using var batch = new ReceiveBatch();

            Assert.That(sockets.Send(TunnelPackets.Whole, TunnelPackets.SegmentSize), Is.EqualTo(TrainFate.Sent));

            Assert.That(batch.Receive(link.Descriptor, withHeader: true), Is.EqualTo(3));
            // The loopback device leaves a checksum to be done, as it never leaves the machine.
            Assert.That(batch.Packet(0).Packet[LinkHeader..].ToArray(), Is.EqualTo(TunnelPackets.FirstWithPartialChecksum));
        });

    [Test]
    public void A_port_that_somebody_else_has_is_left_alone() =>
        OwnNamespace.Run(() =>
        {
            using var link = LayLink("on");
            using var owner = new System.Net.Sockets.UdpClient(0xC123);
            using var sockets = new TrainSockets();

            Assert.That(sockets.Send(TunnelPackets.Whole, TunnelPackets.SegmentSize), Is.EqualTo(TrainFate.Refused));
        });

    [Test]
    public void A_port_is_given_up_when_its_flow_has_ended() =>
        OwnNamespace.Run(() =>
        {
            using var link = LayLink("on");
            using var sockets = new TrainSockets();
            sockets.Send(TunnelPackets.Whole, TunnelPackets.SegmentSize);

            sockets.Renew();
            Assert.That(() => new System.Net.Sockets.UdpClient(0xC123), Throws.InstanceOf<System.Net.Sockets.SocketException>());
            sockets.Renew();

            using var other = new System.Net.Sockets.UdpClient(0xC123);
        });

    private static PacketSocket LayLink(string segmentation)
    {
        Shell.Run("ip address add 192.0.2.1/32 dev lo");
        Shell.Run("ip address add 192.0.2.2/32 dev lo");
        Shell.Run("ip link set lo up");
        Shell.Run($"ethtool -K lo tx-udp-segmentation {segmentation}");
        return PacketSocket.OpenTunnelFrames(NetworkDevice.Find("lo")!.Value, Destination);
    }
}
