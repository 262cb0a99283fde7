using Fabric.Datapath.Host.PacketIo;

namespace Fabric.Datapath.Host.Tests.PacketIo;

public sealed class TunnelInputTests
{
    private readonly Recorder _recorder = new();

    [SetUp]
    public void Clear()
    {
        _recorder.Packets.Clear();
        _recorder.Offloads.Clear();
        _recorder.Drops.Clear();
    }

    [Test]
    public void A_whole_packet_is_handed_on_as_it_is()
    {
        HandOn(TunnelPackets.FirstWithChecksum, PacketOffload.None);

        Assert.That(_recorder.Packets, Is.EqualTo([TunnelPackets.FirstWithChecksum]));
    }

    [Test]
    public void A_checksum_left_to_be_done_is_completed()
    {
        HandOn(TunnelPackets.FirstWithPartialChecksum, TunnelPackets.Offload with { Flags = OffloadFlags.NeedsChecksum });

        Assert.That(_recorder.Packets, Is.EqualTo([TunnelPackets.FirstWithChecksum]));
    }

    [Test]
    public void A_train_is_handed_on_datagram_by_datagram()
    {
        HandOn(TunnelPackets.Whole, TunnelPackets.Offload);

        Assert.That(_recorder.Packets, Is.EqualTo([TunnelPackets.First, TunnelPackets.Second, TunnelPackets.Rest]));
    }

    [Test]
    public void A_large_packet_inside_a_tunnel_is_handed_on_with_what_is_left_to_do()
    {
        var inside = TunnelPackets.Offload with { ChecksumStart = 52 };
        HandOn(TunnelPackets.Whole, inside);

        Assert.That(_recorder.Packets, Is.EqualTo([TunnelPackets.Whole]));
        Assert.That(_recorder.Offloads, Is.EqualTo([inside]));
    }

    [TestCase((ushort)31, (ushort)0)]
    [TestCase((ushort)20, (ushort)11)]
    [TestCase((ushort)10, (ushort)6)]
    [TestCase(ushort.MaxValue, ushort.MaxValue)]
    public void A_checksum_outside_of_the_packet_is_a_counted_drop(ushort start, ushort offset)
    {
        HandOn(TunnelPackets.First, new PacketOffload(OffloadFlags.NeedsChecksum, start, offset, 0, 0));

        Assert.That(_recorder.Drops, Is.EqualTo([DropReason.InvalidOffload]));
    }

    private void HandOn(byte[] packet, PacketOffload offload)
    {
        var buffer = TunnelPackets.InBuffer(packet);
        TunnelInput.HandOn(ref buffer, offload, _recorder);
    }

    private sealed class Recorder : IPacketInput
    {
        public List<byte[]> Packets { get; } = [];

        public List<PacketOffload> Offloads { get; } = [];

        public List<DropReason> Drops { get; } = [];

        public void FromVif(uint vif, ref PacketBuffer frame, in PacketOffload offload) => Assert.Fail("nothing comes from a VM");

        // The buffer is the pipeline's: what it does with it must not reach the next datagram.
        public void FromUplink(ref PacketBuffer packet, in PacketOffload offload)
        {
            Packets.Add(packet.Packet.ToArray());
            Offloads.Add(offload);
            packet.Packet.Fill(0xFF);
        }

        public void Dropped(uint? vif, DropReason reason) => Drops.Add(reason);
    }
}
