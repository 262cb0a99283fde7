using System.Buffers.Binary;
using Fabric.Datapath.Host.PacketIo;

namespace Fabric.Datapath.Host.Tests.PacketIo;

public sealed class DatagramTrainsTests
{
    private const int SourcePortOffset = 20;
    private const int ProtocolOffset = 9;
    private const byte Gre = 47;

    private readonly List<byte[]> _packets = [];
    private readonly List<(byte[] Bytes, int SegmentSize)> _trains = [];
    private DatagramTrains _joiner = null!;
    private bool _takesTrains;

    [SetUp]
    public void Clear()
    {
        _packets.Clear();
        _trains.Clear();
        _takesTrains = true;
        _joiner = new DatagramTrains(packet => _packets.Add(packet.ToArray()), TakeTrain);
    }

    [Test]
    public void Packets_of_a_flow_become_one_train()
    {
        Add(TunnelPackets.First, TunnelPackets.Second, TunnelPackets.Rest);

        Assert.That(_packets, Is.Empty);
        Assert.That(_trains, Has.Count.EqualTo(1));
        Assert.That(Payload(_trains[0].Bytes), Is.EqualTo(Payload(TunnelPackets.Whole)));
        Assert.That(_trains[0].SegmentSize, Is.EqualTo(TunnelPackets.SegmentSize));
    }

    [Test]
    public void A_packet_that_stays_alone_goes_as_it_came()
    {
        Add(TunnelPackets.First);

        Assert.That(_packets, Is.EqualTo([TunnelPackets.First]));
        Assert.That(_trains, Is.Empty);
    }

    [Test]
    public void Nothing_waits_behind_a_shorter_packet()
    {
        _joiner.Add(TunnelPackets.First);
        _joiner.Add(TunnelPackets.Rest);

        Assert.That(_trains, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_longer_packet_begins_anew()
    {
        Add(TunnelPackets.Rest, TunnelPackets.First, TunnelPackets.Second);

        Assert.That(_packets, Is.EqualTo([TunnelPackets.Rest]));
        Assert.That(_trains, Has.Count.EqualTo(1));
    }

    [TestCase((ushort)0xC124, TestName = "Flows_that_take_turns_have_a_train_each")]
    [TestCase((ushort)0xD123, TestName = "Flows_whose_ports_are_alike_are_not_joined")]
    public void Flows(ushort otherPort)
    {
        Add(TunnelPackets.First, Of(otherPort, TunnelPackets.First), TunnelPackets.Second, Of(otherPort, TunnelPackets.Second));

        var sent = _packets.Concat(_trains.Select(static train => train.Bytes)).ToList();
        Assert.That(
            sent.Where(packet => PortOf(packet) == otherPort).SelectMany(Payload),
            Is.EqualTo(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 })
        );
        Assert.That(
            sent.Where(packet => PortOf(packet) != otherPort).SelectMany(Payload),
            Is.EqualTo(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 })
        );
    }

    [Test]
    public void A_train_has_no_more_datagrams_than_every_kernel_takes()
    {
        Add([.. Enumerable.Repeat(TunnelPackets.First, 65)]);

        Assert.That(_trains.Select(static train => DatagramTrain.Count(train.Bytes.Length, train.SegmentSize)), Is.EqualTo([64]));
        Assert.That(_packets, Is.EqualTo([TunnelPackets.First]));
    }

    [Test]
    public void A_train_is_no_longer_than_a_packet_can_be()
    {
        var packet = new byte[1500];
        TunnelPackets.First.AsSpan(0, DatagramTrain.HeaderLength).CopyTo(packet);
        Add([.. Enumerable.Repeat(packet, 46)]);

        Assert.That(_trains.Select(static train => train.Bytes.Length), Has.All.AtMost(ushort.MaxValue));
        Assert.That(_trains.Sum(static train => train.Bytes.Length - DatagramTrain.HeaderLength), Is.EqualTo(46 * 1472));
    }

    [Test]
    public void What_the_kernel_refuses_goes_packet_by_packet()
    {
        _takesTrains = false;
        Add(TunnelPackets.First, TunnelPackets.Second, TunnelPackets.Rest);

        Assert.That(_packets, Is.EqualTo([TunnelPackets.First, TunnelPackets.Second, TunnelPackets.Rest]));
    }

    [Test]
    public void Packets_over_gre_pass()
    {
        var packet = TunnelPackets.First;
        packet[ProtocolOffset] = Gre;
        _joiner.Add(packet);

        Assert.That(_packets, Is.EqualTo([packet]));
    }

    [Test]
    public void Nothing_is_allocated_for_a_packet()
    {
        byte[] first = TunnelPackets.First;
        byte[] last = TunnelPackets.Rest;
        var count = 0;
        var joiner = new DatagramTrains(_ => count++, (_, _) => count++ >= 0);
        Run(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(1_000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(count, Is.EqualTo(1_100));

        void Run(int times)
        {
            for (var i = 0; i < times; i++)
            {
                joiner.Add(first);
                joiner.Add(last);
            }
        }
    }

    private void Add(params byte[][] packets)
    {
        foreach (var packet in packets)
        {
            _joiner.Add(packet);
        }

        _joiner.Flush();
    }

    private bool TakeTrain(ReadOnlySpan<byte> train, int segmentSize)
    {
        if (_takesTrains)
        {
            _trains.Add((train.ToArray(), segmentSize));
        }

        return _takesTrains;
    }

    private static byte[] Of(ushort port, byte[] packet)
    {
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(SourcePortOffset), port);
        return packet;
    }

    private static ushort PortOf(byte[] packet) => BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(SourcePortOffset));

    private static byte[] Payload(byte[] packet) => packet[DatagramTrain.HeaderLength..];
}
