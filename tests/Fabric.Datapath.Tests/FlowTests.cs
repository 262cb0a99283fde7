using System.Buffers.Binary;
using Fabric.Datapath.Shared;
using Fabric.Model.Datapath;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Tests;

public sealed class FlowTests
{
    [Test]
    public void A_full_table_drops_new_connections_and_keeps_the_old()
    {
        // Nobody has more than is left.
        var host = new Host(flowCapacity: 8);
        Assert.That(Enumerable.Range(0, 4).Select(i => host.FromVif(1, UdpFrom(i)).Count), Is.EqualTo(new[] { 1, 1, 0, 0 }));
        Assert.That(host.Dropped(DropReason.FlowTableFull), Is.EqualTo(2));
        Assert.That(host.FromVif(1, UdpFrom(0)).Count, Is.EqualTo(1));
    }

    [Test]
    public void A_vif_has_a_limit_of_its_own()
    {
        var host = new Host(perVifLimit: 2);
        host.FromVif(1, UdpFrom(0));
        host.FromVif(1, UdpFrom(1));
        host.FromVif(1, UdpFrom(2));
        Assert.That(host.Dropped(DropReason.FlowLimitOfVif), Is.EqualTo(1));
        Assert.That(host.Inspector.Vifs().Select(v => v.Flows), Is.EqualTo(new[] { 2, 2, 0 }));
    }

    // Whoever is not let in would else take all that the machine may have.
    [Test]
    public void Denials_leave_an_interface_half_of_what_it_may_have()
    {
        var host = new Host(perVifLimit: 8);
        host.Apply(
            new Batch
            {
                AccessLists = { Host.Group(8, "shy", Host.Allow("out", Direction.Egress)) },
                Vifs = { Host.Vif(2, 1, "10.1.0.12", 8) },
            }
        );
        for (ushort port = 1; port <= 20; port++)
        {
            host.FromUplink(TowardsNeighbour(port));
        }

        Assert.That((host.Dropped(DropReason.SecurityGroupIngress), host.Pipeline.Flows.CountOf(2)), Is.EqualTo((20L, 4)));
        Assert.That(host.FromVif(2, Datagram.Frame("10.1.0.12", "10.1.0.21", 4000, 53)).Uplink, Has.Count.EqualTo(1));
    }

    // Segments that may be answers are let in where the machine may have asked; whoever sends them by as many ports would take all that it may have.
    [Test]
    public void Answers_that_nobody_asked_for_leave_an_interface_half_of_what_it_may_have([Values] bool fromUnderlay)
    {
        var host = new Host(perVifLimit: 8);
        host.Apply(
            new Batch
            {
                AccessLists = { Host.Group(8, "shy", Host.Allow("out", Direction.Egress)) },
                Vifs = { Host.Vif(1, 1, "10.1.0.11", 8) },
            }
        );
        host.FromVif(1, Datagram.Frame("10.1.0.11", "10.1.0.21", 4000, 53));
        for (ushort port = 1; port <= 20; port++)
        {
            _ = fromUnderlay ? host.FromUplink(Answer("10.1.0.21", port)) : host.FromVif(2, Answer(port));
        }

        Assert.That(host.Pipeline.Flows.CountOf(1), Is.EqualTo(4));
        Assert.That(host.Dropped(DropReason.FlowLimitOfVif), Is.EqualTo(fromUnderlay ? 19 : 18));
        Assert.That(host.FromVif(1, Datagram.Frame("10.1.0.11", "10.1.0.21", 4000, 54)).Uplink, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_connection_of_which_one_side_says_nothing_ages_sooner()
    {
        var host = new Host();
        host.FromVif(2, Answer(port: 81));
        Assert.That(host.Pipeline.Flows.Count, Is.EqualTo(2));
        host.Now += new PipelineOptions().HalfOpenFlowIdleMilliseconds;
        host.Pipeline.Age(host.Now);
        Assert.That(host.Pipeline.Flows.Count, Is.Zero);
    }

    // A segment of 10.1.0.12 in the midst of a connection.
    private static byte[] Answer(ushort port)
    {
        var frame = Golden.SynAckFromNeighbour80;
        frame[EthernetHeader.Size + Ipv4Header.Size + TcpHeader.FlagsOffset] = (byte)TcpFlags.Acknowledgment;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(EthernetHeader.Size + Ipv4Header.Size), port);
        return frame;
    }

    // The same of a machine of another host, inside its tunnel.
    private static byte[] Answer(string source, ushort port)
    {
        const int Outer = 28;
        var packet = Answer(port)[EthernetHeader.Size..];
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(12), Host.Address(source));
        Ipv4Header.WriteChecksum(packet.AsSpan(0, Ipv4Header.Size));
        byte[] outer = [.. Golden.PongFromRemoteInTunnel[..Outer], .. packet];
        BinaryPrimitives.WriteUInt16BigEndian(outer.AsSpan(2), (ushort)outer.Length);
        Ipv4Header.WriteChecksum(outer.AsSpan(0, Ipv4Header.Size));
        return outer;
    }

    private static byte[] TowardsNeighbour(ushort port)
    {
        var packet = Datagram.FromUnderlay("10.1.0.21", "10.1.0.12", port, 53);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(24), 17 << 12 | 0x1FF);
        return packet;
    }

    [Test]
    public void A_pair_ages_only_when_both_directions_are_idle()
    {
        var host = new Host();
        host.FromVif(1, Golden.SynToNeighbour80);
        host.FromVif(1, Golden.AckToNeighbour80);
        host.Now += 170_000;
        host.FromVif(2, Golden.SynAckFromNeighbour80);
        host.Now += 170_000;
        host.Pipeline.Age(host.Now);
        Assert.That(host.Pipeline.Flows.Count, Is.EqualTo(2));

        host.Now += 10_000;
        host.Pipeline.Age(host.Now);
        Assert.That(host.Pipeline.Flows.Count, Is.Zero);
    }

    [TestCase("10.1.0.12", 0u)]
    [TestCase("10.1.0.21", 0xC0000202u)]
    public void The_answers_verdict_is_made_with_that_of_the_first_packet(string destination, uint outerSource)
    {
        var host = new Host();
        host.FromVif(1, destination == "10.1.0.12" ? Golden.SynToNeighbour80 : Golden.SynToRemote);
        var answer = host.Flow(destination, "10.1.0.11", 5000)!;
        ref readonly var slot = ref host.Memory.Flows[answer.Index];
        Assert.That(host.Pipeline.Flows.IsCurrent(answer.Index), Is.True);
        Assert.That((slot.OuterSource, slot.DestinationVif, slot.Action), Is.EqualTo((outerSource, 1u, FlowAction.Forward)));
    }

    [Test]
    public void New_flows_of_a_vif_have_a_rate_and_its_known_flows_have_none()
    {
        var host = new Host(options: new PipelineOptions { MissesPerSecond = 100 });
        host.FromVif(1, UdpFrom(0));
        for (ushort port = 1; port < 64; port++)
        {
            host.FromVif(1, UdpFrom(port));
        }

        Assert.That(host.FromVif(1, UdpFrom(64)).Count, Is.Zero, "the burst is used up");
        Assert.That(host.Dropped(DropReason.MissRateOfVif), Is.EqualTo(1));
        Assert.That(host.FromVif(1, UdpFrom(0)).Count, Is.EqualTo(1));

        host.Now += 10;
        Assert.That(host.FromVif(1, UdpFrom(64)).Count, Is.EqualTo(1), "100 a second are one in 10 ms");
    }

    [Test]
    public void A_vifs_rate_of_new_flows_is_nobody_elses()
    {
        var host = new Host(options: new PipelineOptions { MissesPerSecond = 100 });
        for (ushort port = 0; port <= 64; port++)
        {
            host.FromVif(1, UdpFrom(port));
        }

        Assert.That(host.FromVif(2, Golden.FinFromNeighbour80).Count, Is.EqualTo(1));
    }

    // A gateway lets floods through, and so does a host that was taken over.
    [Test]
    public void What_the_underlay_may_begin_at_a_vif_takes_nothing_from_what_the_vif_and_its_neighbours_may()
    {
        var host = new Host(options: new PipelineOptions { MissesPerSecond = 100 });
        var passed = Enumerable.Range(1, 100).Sum(port => host.FromUplink(TowardsNeighbour((ushort)port)).Count);
        Assert.That((passed, host.Dropped(DropReason.MissRateToVif)), Is.EqualTo((64, 36L)));
        Assert.That(host.FromUplink(TowardsNeighbour(1)).Count, Is.EqualTo(1), "a known connection has no rate");
        for (ushort port = 0; port < 64; port++)
        {
            Assert.That(host.FromVif(1, UdpFrom(port)).Count, Is.EqualTo(1));
            Assert.That(host.FromVif(2, Datagram.Frame("10.1.0.12", "10.1.0.21", port, 53)).Count, Is.EqualTo(1));
        }
    }

    [Test]
    public void What_the_underlay_sends_to_no_vif_is_looked_into_at_a_rate()
    {
        var host = new Host(options: new PipelineOptions { MissesOfUnderlayPerSecond = 100 });
        var nowhere = TowardsNeighbour(1);
        BinaryPrimitives.WriteUInt32BigEndian(nowhere.AsSpan(24), 999 << 12 | 0x1FF);
        for (var i = 0; i < 100; i++)
        {
            host.FromUplink(nowhere);
        }

        Assert.That((host.Dropped(DropReason.UnknownLabel), host.Dropped(DropReason.MissRateOfUnderlay)), Is.EqualTo((64L, 36L)));
        Assert.That(host.FromUplink(TowardsNeighbour(1)).Count, Is.EqualTo(1), "what leads to a machine passes beside it");
    }

    [Test]
    public void A_closed_connection_ages_soon()
    {
        var host = new Host();
        host.FromVif(1, Golden.SynToNeighbour80);
        host.FromVif(1, Golden.FinToNeighbour80);
        host.FromVif(2, Golden.FinFromNeighbour80);
        host.Now += 5_000;
        host.Pipeline.Age(host.Now);
        Assert.That(host.Pipeline.Flows.Count, Is.Zero);
    }

    // SYNs in the name of others, which nobody goes on with, hold what a machine may have of the table for no longer (RFC 4987 section 2).
    [Test]
    public void A_connection_that_its_opener_does_not_go_on_with_ages_sooner()
    {
        var host = new Host();
        host.FromVif(1, Golden.SynToNeighbour80);
        host.Now += new PipelineOptions().HalfOpenFlowIdleMilliseconds - 1;
        host.Pipeline.Age(host.Now);
        Assert.That(host.Pipeline.Flows.Count, Is.EqualTo(2));
        host.Now++;
        host.Pipeline.Age(host.Now);
        Assert.That(host.Pipeline.Flows.Count, Is.Zero);
    }

    // Of a host that is up for seven years, or for twenty: tenths of a second are in the upper half of what 32 bits count.
    [TestCase(0x8000_0000L * 100 + 12_345)]
    [TestCase(0x1_8000_0000L * 100 + 12_345)]
    public void Slots_that_were_free_for_years_are_rested(long now)
    {
        var host = new Host { Now = now };
        Assert.That(host.FromVif(1, Golden.UdpToNeighbour).Count, Is.EqualTo(1));
        Assert.That(host.Dropped(DropReason.FlowTableFull), Is.Zero);
    }

    [Test]
    public void Flows_of_a_removed_vif_go_with_the_next_ageing()
    {
        var host = new Host();
        host.FromVif(1, Golden.UdpToNeighbour);
        host.Apply(new Batch { VifsRemoved = { 1 } });
        host.Pipeline.Age(host.Now);
        Assert.That(host.Pipeline.Flows.Count, Is.Zero);
    }

    [Test]
    public void A_freed_slot_rests_before_it_is_another_flows()
    {
        var host = new Host(flowCapacity: 2);
        host.FromVif(1, UdpFrom(0));
        host.Now += 180_000;
        host.Pipeline.Age(host.Now);
        Assert.That((host.Pipeline.Flows.Count, host.FromVif(1, UdpFrom(1)).Count), Is.EqualTo((0, 0)));
        Assert.That(host.Memory.Flows[0].Key.SourcePort, Is.EqualTo(6000), "a program may still read it");

        host.Now += FreeSlots.RestMilliseconds;
        Assert.That(host.FromVif(1, UdpFrom(1)).Count, Is.EqualTo(1));
    }

    [Test]
    public void The_table_equals_a_dictionary_under_random_use()
    {
        var table = new FlowTable(SharedMemory.Allocate(Host.Sizes with { Flows = 64 }, seed: 1), perVifLimit: 64);
        var model = new Dictionary<FlowKey, int>();
        var random = new Random(1);
        for (var step = 0; step < 20_000; step++)
        {
            var key = new FlowKey(1, (uint)random.Next(100), 0, 0, 0, 17);
            var now = step * 10;
            if (model.Remove(key, out var entry))
            {
                table.Remove(entry, now);
            }
            else if (table.Refusal(1, 1, now) == DropReason.None)
            {
                model[key] = table.Add(key, 1, isInitiator: true, icmpType: 0, now);
            }

            var probe = new FlowKey(1, (uint)random.Next(100), 0, 0, 0, 17);
            Assert.That(table.Find(probe), Is.EqualTo(model.TryGetValue(probe, out var found) ? found : -1));
        }
    }

    internal static byte[] UdpFrom(int port)
    {
        var frame = Golden.UdpToNeighbour;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(34), (ushort)(6000 + port));
        UdpHeader.WriteChecksum(frame.AsSpan(34), Host.Address("10.1.0.11"), Host.Address("10.1.0.12"));
        return frame;
    }
}
