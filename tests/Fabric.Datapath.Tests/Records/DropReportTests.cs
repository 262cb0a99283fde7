using Fabric.Datapath.Shared;
using Fabric.Model.Datapath;

namespace Fabric.Datapath.Tests;

/// <summary>What an agent is told of drops.</summary>
public sealed class DropReportTests
{
    [Test]
    public void Each_second_the_drops_of_an_interface_are_reported_by_reason_with_one_of_them()
    {
        var host = Denied().Recorded();
        host.FromVif(1, Golden.UdpToNeighbour);
        host.FromVif(1, Golden.UdpToNeighbour);
        host.FromVif(1, Golden.RouterSolicitation);
        Assert.That(Drops(host, after: 900), Is.Empty);

        var drops = Drops(host, after: 100);
        Assert.That(
            drops.Select(d => (d.Vif, d.Reason, d.Packets)),
            Is.EqualTo(new[] { (1u, "ipv6", 1ul), (1u, "security-group-ingress", 2ul) })
        );
        var denied = drops[1];
        Assert.That(
            (denied.Protocol, denied.Source, denied.SourcePort, denied.Destination, denied.DestinationPort, denied.Length, denied.Time),
            Is.EqualTo((17u, 0x0A01000Bu, 4000u, 0x0A01000Cu, 53u, 50u, (ulong)(RecordedHost.Epoch + 2_000_000)))
        );
        Assert.That(denied.Header.ToByteArray(), Is.EqualTo(Golden.UdpToNeighbour));
        Assert.That(drops[0].Header.ToByteArray(), Is.EqualTo(Golden.RouterSolicitation));
        Assert.That(Drops(host, after: 1_000), Is.Empty);
    }

    [Test]
    public void The_first_128_octets_of_a_packet_of_the_underlay_come_from_its_outer_header_on()
    {
        var host = new Host().Recorded();
        byte[] packet = [.. Golden.PongFromRemoteInTunnel[..24], 0, 6, 0x31, 63, .. Golden.PongFromRemoteInTunnel[28..], .. new byte[100]];
        host.FromUplink(packet);
        var drop = Drops(host, after: 1_000).Single();
        Assert.That((drop.HasVif, drop.Reason, drop.Packets, drop.Length), Is.EqualTo((false, "unknown-label", 1ul, 164u)));
        Assert.That(drop.Header.ToByteArray(), Is.EqualTo(packet[..128]));
    }

    [Test]
    public void What_programs_drop_is_counted_without_a_packet()
    {
        var host = new Host().Recorded();
        ProgramsDrop(host, vif: 2, DropReason.MissRateOfVif, packets: 7);
        var drop = Drops(host, after: 1_000).Single();
        Assert.That(
            (drop.Vif, drop.Reason, drop.Packets, drop.Length, drop.Header.Length),
            Is.EqualTo((2u, "miss-rate-of-vif", 7ul, 0u, 0))
        );
    }

    [Test]
    public void Drops_that_nobody_takes_come_in_one_sum()
    {
        var host = new Host().Recorded();
        for (var second = 0; second < 10; second++)
        {
            host.FromVif(1, Golden.RouterSolicitation);
            host.Now += 1_000;
            host.Pipeline.Age(host.Now);
        }

        Assert.That(Drops(host, after: 1_000).Concat(Drops(host, after: 1_000)).Select(d => d.Packets), Is.EqualTo(new[] { 1ul, 9ul }));
    }

    [Test]
    public void A_second_has_so_many_reports_and_the_others_follow_with_no_packet_lost()
    {
        var sizes = new SharedSizes(16)
        {
            Vifs = 16,
            NextHops = 64,
            Labels = 128,
            Devices = 1,
        };
        var many = new Host(SharedMemory.Allocate(sizes, seed: 1));
        many.Apply(Host.Snapshot());
        many.Apply(new Batch { Vifs = { Enumerable.Range(4, 12).Select(id => Host.Vif((uint)id, 1, $"10.1.1.{id}")) } });
        many.Recorded();
        for (uint vif = 1; vif <= 15; vif++)
        {
            ProgramsDropForAllReasons(many, vif);
        }

        List<int> counts = [];
        List<DropReport> all = [];
        while (Drops(many, after: 1_000) is { Count: > 0 } drops)
        {
            counts.Add(drops.Count);
            all.AddRange(drops);
        }

        var reasons = DropLog.ReasonCount - 1;
        Assert.That(counts, Has.All.LessThanOrEqualTo(DropRecorder.MostOfSecond));
        Assert.That(all.Select(d => (d.Vif, d.Reason)).ToList(), Is.Unique.And.Count.EqualTo(15 * reasons));
        Assert.That(all.Sum(d => (long)d.Packets), Is.EqualTo(15 * reasons * 3));
    }

    [Test]
    public void Drops_before_recording_and_those_of_an_earlier_process_are_not_reported()
    {
        var old = Denied();
        old.FromVif(1, Golden.UdpToNeighbour);
        var host = new Host(old.Memory).Recorded();
        host.Apply(Host.Snapshot());
        host.FromVif(1, Golden.RouterSolicitation);
        Assert.That(Drops(host, after: 1_000).Select(d => (d.Reason, d.Packets)), Is.EqualTo(new[] { ("ipv6", 1ul) }));
    }

    [Test]
    public void An_interface_that_goes_and_comes_back_counts_from_zero()
    {
        var host = new Host().Recorded();
        host.FromVif(1, Golden.RouterSolicitation);
        host.Apply(new Batch { VifsRemoved = { 1 } });
        Assert.That(Drops(host, after: 1_000).Select(d => (d.Vif, d.Packets)), Is.EqualTo(new[] { (1u, 1ul) }), "its last ones");
        host.Apply(new Batch { Vifs = { Host.Vif(1, 1, "10.1.0.11") } });
        host.FromVif(1, Golden.RouterSolicitation);
        Assert.That(Drops(host, after: 1_000).Select(d => (d.Vif, d.Packets)), Is.EqualTo(new[] { (1u, 1ul) }));
    }

    [Test]
    public void Nothing_is_allocated_for_a_dropped_packet()
    {
        var host = Denied().Recorded();
        var output = new Capture();
        var storage = new byte[2048];
        var packet = Golden.UdpToNeighbour;
        Run(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(1_000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Run(int times)
        {
            for (var i = 0; i < times; i++)
            {
                packet.CopyTo(storage, PacketBuffer.MinimumHeadroom);
                var buffer = new PacketBuffer(storage, PacketBuffer.MinimumHeadroom, packet.Length);
                host.Pipeline.FromVif(1, ref buffer, PacketOffload.None, host.Now, output);
            }
        }
    }

    // vif 2 lets nothing in.
    private static Host Denied()
    {
        var host = new Host();
        host.Apply(new Batch { AccessLists = { Host.Group(8, "web") }, Vifs = { Host.Vif(2, 1, "10.1.0.12", 8) } });
        return host;
    }

    private static List<DropReport> Drops(Host host, long after)
    {
        host.Now += after;
        host.Pipeline.Age(host.Now);
        List<DropReport> drops = [.. host.Pipeline.Records.Drops.Reports];
        host.Pipeline.Records.Drops.Reports.Clear();
        return drops;
    }

    private static void ProgramsDropForAllReasons(Host host, uint vif)
    {
        for (var reason = 1; reason < DropLog.ReasonCount; reason++)
        {
            ProgramsDrop(host, vif, (DropReason)reason, packets: 3);
        }
    }

    private static void ProgramsDrop(Host host, uint vif, DropReason reason, ulong packets)
    {
        host.Memory.Drops[(int)reason] += packets;
        host.Memory.VifDrops[(int)vif * SharedSizes.ReasonsOfVif + (int)reason] += packets;
    }
}
