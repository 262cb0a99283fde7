using Fabric.Model.Datapath;

namespace Fabric.Datapath.Tests;

public sealed class AllocationTests
{
    private sealed class Sink : IPacketOutput
    {
        public int Count { get; private set; }

        public void ToVif(uint vif, ReadOnlySpan<byte> frame, in PacketOffload offload) => Count++;

        public void ToUplink(ReadOnlySpan<byte> outerIpv4Packet) => Count++;
    }

    [Test]
    public void Nothing_is_allocated_for_a_frame(
        [Values(
            nameof(Golden.PingToRemote),
            nameof(Golden.UdpToNeighbour),
            nameof(Golden.LargeSegment),
            nameof(Golden.Big),
            nameof(Golden.ArpForGateway),
            nameof(Golden.DhcpDiscover),
            nameof(Golden.PingToGateway),
            nameof(Golden.SynToRemote)
        )]
            string name,
        [Values] bool hasPolicy,
        [Values] bool isSecondWorker
    )
    {
        var pipeline = HostWith(hasPolicy, isSecondWorker).Pipeline;
        var packet = (byte[])typeof(Golden).GetProperty(name)!.GetValue(null)!;
        var storage = new byte[2048];
        var sink = new Sink();
        var offload =
            name == nameof(Golden.LargeSegment) ? new PacketOffload(OffloadFlags.TcpSegmentation, 34, 16, 100, 54) : PacketOffload.None;

        Run(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(1_000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(sink.Count, Is.GreaterThanOrEqualTo(1_100));

        void Run(int times)
        {
            for (var i = 0; i < times; i++)
            {
                packet.CopyTo(storage, PacketBuffer.MinimumHeadroom);
                var buffer = new PacketBuffer(storage, PacketBuffer.MinimumHeadroom, packet.Length);
                pipeline.FromVif(1, ref buffer, offload, 1_000, sink);
            }
        }
    }

    [Test]
    public void Nothing_is_allocated_for_a_packet_of_the_underlay([Values] bool hasPolicy, [Values] bool isSecondWorker)
    {
        var pipeline = HostWith(hasPolicy, isSecondWorker).Pipeline;
        var packet = Golden.PongFromRemoteInTunnel;
        var storage = new byte[2048];
        var sink = new Sink();
        Run(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(1_000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(sink.Count, Is.EqualTo(1_100));

        void Run(int times)
        {
            for (var i = 0; i < times; i++)
            {
                packet.CopyTo(storage, PacketBuffer.MinimumHeadroom);
                var buffer = new PacketBuffer(storage, PacketBuffer.MinimumHeadroom, packet.Length);
                pipeline.FromUplink(ref buffer, PacketOffload.None, 1_000, sink);
            }
        }
    }

    // The pipeline waits for an answer to an operator; of a million flows it is not to describe all for the first thousand.
    [Test]
    public void An_answer_about_flows_takes_no_more_than_was_asked_for()
    {
        var host = new Host();
        for (ushort port = 1; port <= 200; port++)
        {
            host.FromVif(1, Datagram.Frame("10.1.0.11", "10.1.0.12", port, 53));
        }

        host.Inspector.Flows(host.Now, limit: 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var flows = host.Inspector.Flows(host.Now, limit: 2);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(2_048));
        Assert.That(flows, Has.Count.EqualTo(2));
    }

    private static Host HostWith(bool policy, bool isSecondWorker)
    {
        var (first, second) = Host.TwoWorkers();
        if (!policy)
        {
            var batch = new Batch { Vifs = { Host.Vif(1, 1, "10.1.0.11"), Host.Vif(2, 1, "10.1.0.12") } };
            first.Apply(batch);
            second.Apply(batch);
        }

        return isSecondWorker ? second : first;
    }
}
