using Fabric.Datapath.Host.PacketIo;

namespace Fabric.Datapath.Host.Tests.PacketIo;

public sealed class DatagramTrainTests
{
    [Test]
    public void A_train_is_cut_into_its_datagrams()
    {
        Assert.That(DatagramTrain.TryOpen(TunnelPackets.InBuffer(TunnelPackets.Whole), TunnelPackets.Offload, out var train), Is.True);

        Assert.That(Rest(train), Is.EqualTo([TunnelPackets.First, TunnelPackets.Second, TunnelPackets.Rest]));
    }

    [Test]
    public void A_train_of_one_datagram_is_that_datagram()
    {
        Assert.That(DatagramTrain.TryOpen(TunnelPackets.InBuffer(TunnelPackets.Rest), TunnelPackets.Offload, out var train), Is.True);

        Assert.That(Rest(train), Is.EqualTo([TunnelPackets.Rest]));
    }

    [Test]
    public void Each_datagram_has_room_for_headers_before_it_and_none_behind_it()
    {
        DatagramTrain.TryOpen(TunnelPackets.InBuffer(TunnelPackets.Whole), TunnelPackets.Offload, out var train);
        while (train.TryNext(out var datagram))
        {
            Assert.That(datagram.Offset, Is.AtLeast(PacketBuffer.MinimumHeadroom));
            Assert.That(datagram.Offset + datagram.Length, Is.EqualTo(datagram.Storage.Length));
        }
    }

    [Test]
    public void What_is_cut_inside_the_tunnel_is_no_train() =>
        Assert.That(IsTrain(TunnelPackets.Offload with { ChecksumStart = 52 }), Is.False);

    [Test]
    public void Tcp_segments_are_no_train() =>
        Assert.That(IsTrain(TunnelPackets.Offload with { Flags = OffloadFlags.TcpSegmentation | OffloadFlags.NeedsChecksum }), Is.False);

    [Test]
    public void Segments_of_nothing_are_no_train() => Assert.That(IsTrain(TunnelPackets.Offload with { SegmentSize = 0 }), Is.False);

    [Test]
    public void A_packet_that_was_cut_short_is_no_train()
    {
        for (var length = 0; length < TunnelPackets.Whole.Length; length++)
        {
            var packet = TunnelPackets.InBuffer(TunnelPackets.Whole[..length]);
            Assert.That(DatagramTrain.TryOpen(packet, TunnelPackets.Offload, out _), Is.False);
        }
    }

    [Test]
    public void The_last_datagram_counts_though_it_is_shorter() =>
        Assert.That(DatagramTrain.Count(TunnelPackets.Whole.Length, TunnelPackets.SegmentSize), Is.EqualTo(3));

    private static bool IsTrain(PacketOffload offload) =>
        DatagramTrain.TryOpen(TunnelPackets.InBuffer(TunnelPackets.Whole), offload, out _);

    private static List<byte[]> Rest(DatagramTrain train)
    {
        var datagrams = new List<byte[]>();
        while (train.TryNext(out var datagram))
        {
            datagrams.Add(datagram.Packet.ToArray());
        }

        return datagrams;
    }
}
