using System.Buffers.Binary;
using Fabric.Datapath.Kernel.Punts;
using Fabric.Datapath.Kernel.Tests.Equality;
using Fabric.Datapath.Kernel.Tests.Flows;
using Fabric.Datapath.Kernel.Tests.Kernel;
using Fabric.Datapath.Shared;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Kernel.Tests.Punts;

/// <summary>Each worker has a ring, and each packet one that it comes up by.</summary>
[TestFixture]
internal sealed class WorkerRingTests : IPuntReceiver
{
    private const int Workers = 4;
    private static readonly uint Near = RandomTables.Locals[1];
    private static readonly uint Far = RandomTables.FarAway[0];

    private KernelHost host = null!;
    private int received;

    [SetUp]
    public void MakeHost()
    {
        host = new KernelHost(Workers);
        host.Apply(OneNetwork.Tables(RandomTables.Everything));
    }

    [TearDown]
    public void RemoveHost() => host?.Dispose();

    [Test]
    public void Both_directions_of_a_connection_come_up_by_one_ring_and_connections_by_all()
    {
        var rings = new HashSet<int>();
        for (ushort port = 1; port <= 64; port++)
        {
            var ring = RingOf("vif1", Frames.FromVif1(Near, Far, port, 53));
            Assert.That(RingOf("uplink", Frames.FromUnderlay(Far, Near, 53, port)), Is.EqualTo(ring), $"port {port}");
            rings.Add(ring);
        }

        Assert.That(rings, Is.EquivalentTo(Enumerable.Range(0, Workers)));
    }

    [Test]
    public void All_fragments_of_a_packet_come_up_by_one_ring()
    {
        var rings = new HashSet<int>();
        for (uint i = 0; i < 64; i++)
        {
            var head = Fragment(Frames.FromVif1(Near, Far + i, 4000, 53), 0x2000);
            var tail = Fragment(Frames.FromVif1(Near, Far + i, 0xABCD, 0x1234), 0x0003);
            var ring = RingOf("vif1", head);
            Assert.That(RingOf("vif1", tail), Is.EqualTo(ring), $"destination {i}");
            rings.Add(ring);
        }

        Assert.That(rings, Is.EquivalentTo(Enumerable.Range(0, Workers)));
    }

    [Test]
    public void A_packet_in_a_tunnel_with_a_key_comes_up_by_the_ring_of_its_connection()
    {
        var plain = Frames.FromUnderlay(Far, Near, 53, 9);
        const int Gre = EthernetHeader.Size + Ipv4Header.Size;
        byte[] keyed = [.. plain[..(Gre + GreHeader.Size)], 0, 0, 0, 7, .. plain[(Gre + GreHeader.Size)..]];
        keyed[Gre] = 0x20;
        BinaryPrimitives.WriteUInt16BigEndian(keyed.AsSpan(EthernetHeader.Size + 2), (ushort)(keyed.Length - EthernetHeader.Size));
        Ipv4Header.WriteChecksum(keyed.AsSpan(EthernetHeader.Size, Ipv4Header.Size));
        Assert.That(RingOf("uplink", keyed), Is.EqualTo(RingOf("uplink", plain)));
    }

    [Test]
    public void A_process_with_fewer_workers_finds_what_waits_in_the_rings_of_the_others()
    {
        using var folder = new KernelCacheFolder();
        var options = folder.Options;
        var waiting = 0;
        using (var before = KernelCache.Open(options with { Workers = Workers }))
        {
            Assert.That((before.Punts.Count, before.Punts.Left.Count), Is.EqualTo((Workers, 0)));
            before.Memory.Host.TunnelSource = RandomTables.TunnelSource;
            new SharedDevices(before.Memory).AttachUplink(TestNetwork.IndexOf("uplink"));
            var program = before.Programs.Program("uplink_ingress");
            for (ushort port = 1; port <= 64; port++)
            {
                var run = RunReport.Of(program, TestNetwork.IndexOf("uplink"), Frames.FromUnderlay(Far, Near, 53, port));
                waiting += run.Kind == RunKind.PuntRing ? 1 : 0;
            }
        }

        using (var after = KernelCache.Open(options with { Workers = 2 }))
        {
            Assert.That((after.TookOver, after.Punts.Count, after.Punts.Left.Count), Is.EqualTo((true, 2, Workers - 2)));
            Assert.That(after.Memory.Host.Workers, Is.EqualTo(2));
            var ofOthers = after.Punts.Left.Sum(ring => ring.Drain(100, this));
            var ofThese = after.Punts[0].Drain(100, this) + after.Punts[1].Drain(100, this);
            Assert.That((ofOthers + ofThese, waiting), Is.EqualTo((64, 64)));
            Assert.That(ofOthers, Is.GreaterThan(0));
        }

        using var again = KernelCache.Open(options with { Workers = Workers });
        Assert.That((again.TookOver, again.Punts.Count, again.Punts.Left.Count), Is.EqualTo((true, Workers, 0)));
    }

    public void Receive(in PuntHeader header, ref PacketBuffer frame) => received++;

    private int RingOf(string device, byte[] frame)
    {
        var program = host.Cache.Programs.Program(device == "uplink" ? "uplink_ingress" : "vif_ingress");
        Assert.That(RunReport.Of(program, TestNetwork.IndexOf(device), frame).Kind, Is.EqualTo(RunKind.PuntRing));
        received = 0;
        var rings = Enumerable.Range(0, Workers).Where(worker => host.Cache.Punts[worker].Drain(10, this) > 0).ToList();
        Assert.That((rings.Count, received), Is.EqualTo((1, 1)));
        return rings[0];
    }

    private static byte[] Fragment(byte[] frame, ushort flagsAndOffset)
    {
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(EthernetHeader.Size + 6), flagsAndOffset);
        Ipv4Header.WriteChecksum(frame.AsSpan(EthernetHeader.Size, Ipv4Header.Size));
        return frame;
    }
}
