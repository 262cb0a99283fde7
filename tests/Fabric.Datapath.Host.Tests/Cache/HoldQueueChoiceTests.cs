using System.Buffers.Binary;
using Fabric.Datapath.Host.Cache;
using Fabric.Datapath.Shared;

namespace Fabric.Datapath.Host.Tests.Cache;

public sealed class HoldQueueChoiceTests
{
    // IP(src="192.0.2.1",dst="192.0.2.2",id=0,flags="DF",ttl=64)/GRE(proto=0x8847)/MPLS(label=26,ttl=64)/
    // IP(src="10.1.0.3",dst="10.1.0.5",id=1)/UDP(sport=4000,dport=53)/b"question", of scapy 2.5.0; and the same over UDP.
    private const string OverGre =
        "4500004000004000402fb68bc0000201c0000202000088470001a1404500002400010000401166bf0a0100030a0100050fa00035"
        + "0010212f7175657374696f6e";

    private const string OverUdp =
        "45000044000040004011b6a5c0000201c0000202c00019eb003000000001a1404500002400010000401166bf0a0100030a010005"
        + "0fa000350010212f7175657374696f6e";

    private const int Label = 26;
    private readonly SharedMemory _memory = SharedMemory.Allocate(new SharedSizes(256), seed: 1);

    [SetUp]
    public void Bind() => _memory.Labels[Label] = 8;

    [OneTimeTearDown]
    public void Free() => _memory.Dispose();

    [Test]
    public void Over_both_tunnels_packets_of_a_machine_wait_in_one_queue() =>
        Assert.That(HolderOf(Packet(OverGre)), Is.EqualTo(HolderOf(Packet(OverUdp))));

    // Each queue has its turn: a flood with more of them than others takes the others' turns.
    [TestCase(OverGre, 40)]
    [TestCase(OverUdp, 44)]
    public void Whoever_makes_up_senders_has_four_queues_of_the_machine_that_he_floods(string text, int sourceOffset)
    {
        var (flood, queues) = (Packet(text), new HashSet<ulong>());
        for (var i = 0; i < 1_000; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(flood.AsSpan(12), 0x0A00_0000 + i % 7);
            BinaryPrimitives.WriteInt32BigEndian(flood.AsSpan(sourceOffset), 0x1400_0000 + i);
            queues.Add(HolderOf(flood));
        }

        Assert.That(queues, Has.Count.EqualTo(4));
        _memory.Labels[Label] = 9;
        Assert.That(queues, Does.Not.Contain(HolderOf(flood)), "another machine");
        _memory.Labels[Label] = 0;
        Assert.That(queues, Does.Not.Contain(HolderOf(flood)), "no machine");
        Assert.That(queues, Does.Not.Contain(HoldQueueChoice.OfDevice(8)));
    }

    [Test]
    public void A_packet_cut_anywhere_has_a_queue()
    {
        var packet = Packet(OverUdp);
        var queues = Enumerable.Range(0, packet.Length + 1).Select(length => HolderOf(packet.AsSpan(0, length))).ToList();
        Assert.That(queues[..48], Is.All.EqualTo(queues[0]));
        Assert.That(queues[48..], Is.All.EqualTo(HolderOf(packet)));
        Assert.That(queues[0], Is.Not.EqualTo(queues[^1]));
    }

    private static byte[] Packet(string text) => Convert.FromHexString(text);

    private ulong HolderOf(ReadOnlySpan<byte> packet) => HoldQueueChoice.OfOuter(packet, _memory.Labels);
}
