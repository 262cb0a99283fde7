using System.Buffers.Binary;
using Fabric.Model.Datapath;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Tests;

/// <summary>A connection 10.1.0.11:5000 to 10.1.0.12:80: SYN 100, SYN-ACK 500, ACK 101/501.</summary>
public sealed class TcpStateTests
{
    private const TcpFlags Ack = TcpFlags.Acknowledgment;

    [Test]
    public void Each_direction_keeps_its_end_acknowledgment_window_and_scale()
    {
        var host = Established();
        Send(host, 1, 101, 501, Ack | TcpFlags.Push, data: 10);
        ref readonly var flow = ref host.Memory.Flows[host.Flow("10.1.0.11", "10.1.0.12", 80)!.Index];
        Assert.That((flow.TcpEnd, flow.TcpAcknowledged, flow.TcpWindow), Is.EqualTo((111u, 501u, (ushort)8192)));
        ref readonly var reverse = ref host.Memory.Flows[flow.Reverse];
        Assert.That((reverse.TcpEnd, reverse.TcpAcknowledged), Is.EqualTo((501u, 101u)));

        host.FromVif(1, Golden.SynToRemote);
        Assert.That(host.Memory.Flows[host.Flow("10.1.0.11", "10.1.0.21", 80)!.Index].TcpScale, Is.EqualTo(7));
    }

    [Test]
    public void An_older_segment_does_not_take_the_end_back_and_numbers_may_wrap()
    {
        var host = new Host();
        Send(host, 1, uint.MaxValue - 4, 1, Ack, data: 10);
        Send(host, 1, uint.MaxValue - 9, 1, Ack, data: 2);
        Assert.That(host.Memory.Flows[host.Flow("10.1.0.11", "10.1.0.12", 80)!.Index].TcpEnd, Is.EqualTo(5));
    }

    [TestCase(101u, true, TestName = "The_number_that_the_receiver_expects_closes")]
    [TestCase(102u, false, TestName = "Another_number_in_the_window_does_not_close")]
    [TestCase(100u, false, TestName = "A_number_before_the_window_does_not_close")]
    [TestCase(0x8000_0000u, false, TestName = "A_number_outside_the_window_does_not_close")]
    public void A_reset_closes_only_with_the_number_that_comes_next(uint sequence, bool closes)
    {
        var host = Established();
        Assert.That(Send(host, 1, sequence, 0, TcpFlags.Reset), Has.Count.EqualTo(1), "it is forwarded all the same");
        Assert.That(IsClosed(host), Is.EqualTo(closes));
    }

    [Test]
    public void A_reset_behind_data_that_was_not_acknowledged_closes()
    {
        var host = Established();
        Send(host, 1, 101, 501, Ack, data: 50);
        Send(host, 1, 151, 0, TcpFlags.Reset);
        Assert.That(IsClosed(host), Is.True);
    }

    [TestCase(101u, true)]
    [TestCase(102u, false)]
    public void A_refusal_closes_when_it_acknowledges_the_syn(uint acknowledgment, bool closes)
    {
        var host = new Host();
        host.FromVif(1, Golden.SynToNeighbour80);
        Send(host, 2, 0, acknowledgment, TcpFlags.Reset | Ack);
        Assert.That(IsClosed(host), Is.EqualTo(closes));
    }

    [Test]
    public void A_syn_on_a_closed_pair_begins_anew()
    {
        var host = Established();
        Send(host, 1, 101, 0, TcpFlags.Reset);
        host.FromVif(1, Golden.SynToNeighbour80);
        var flow = host.Flow("10.1.0.11", "10.1.0.12", 80)!;
        Assert.That((flow.Tcp, flow.Packets), Is.EqualTo((TcpProgress.Syn, 1L)));
    }

    // The side that has said that it is done opens the next one by the same ports: what it said was about the last.
    [Test]
    public void A_syn_of_a_side_that_was_done_begins_anew()
    {
        var host = Established();
        Send(host, 1, 101, 501, TcpFlags.Fin | Ack);
        host.FromVif(1, Golden.SynToNeighbour80);
        Send(host, 2, 500, 101, TcpFlags.Syn | Ack);
        Send(host, 2, 501, 101, TcpFlags.Fin | Ack);
        Assert.That(IsClosed(host), Is.False, "one side is not done");
    }

    // A segment from the midst of a connection is let in where its answers might go out, since it may be older than the flow table.
    [TestCase(Ack)]
    [TestCase(Ack | TcpFlags.Syn)]
    [TestCase(TcpFlags.None)]
    public void No_segment_prepares_the_way_for_a_syn_that_the_group_does_not_let_in(TcpFlags first)
    {
        var host = WithoutIngress();
        Assert.That(Send(host, 2, 500, 101, first), Has.Count.EqualTo(1));
        Assert.That(Send(host, 2, 501, 0, TcpFlags.Syn), Is.Empty);
        var drop = host.Inspector.RecentDrops().Single();
        Assert.That((drop.Reason, drop.Rule), Is.EqualTo((DropReason.SecurityGroupIngress, "shy/default-deny")));
        Assert.That(Send(host, 2, 501, 101, Ack), Has.Count.EqualTo(1), "a connection that is there goes on");
        Assert.That(Send(host, 1, 101, 501, Ack), Has.Count.EqualTo(1));
    }

    [Test]
    public void A_syn_of_the_other_side_that_the_group_lets_in_opens_a_connection_of_its_own()
    {
        var host = WithoutIngress();
        Send(host, 2, 500, 101, Ack);
        host.Apply(new Batch { Vifs = { Host.Vif(1, 1, "10.1.0.11", Host.Open) } });
        Assert.That(Send(host, 2, 501, 0, TcpFlags.Syn), Has.Count.EqualTo(1));
        var flow = host.Flow("10.1.0.12", "10.1.0.11", 5000)!;
        Assert.That((flow.IsInitiator, flow.Tcp, flow.Packets), Is.EqualTo((true, TcpProgress.Syn, 1L)));
    }

    // RFC 9293 section 3.5, figure 7.
    [Test]
    public void Both_sides_may_open_a_connection_at_the_same_time()
    {
        var host = WithoutIngress();
        host.FromVif(1, Golden.SynToNeighbour80);
        Assert.That(Send(host, 2, 500, 0, TcpFlags.Syn), Has.Count.EqualTo(1));
        Assert.That(Send(host, 1, 100, 501, TcpFlags.Syn | Ack), Has.Count.EqualTo(1));
        Assert.That(host.Flow("10.1.0.11", "10.1.0.12", 80)!.IsInitiator, Is.True);
    }

    // Vif 1 may open connections, and nobody may open one to it.
    private static Host WithoutIngress()
    {
        var host = new Host();
        host.Apply(
            new Batch
            {
                AccessLists = { Host.Group(8, "shy", Host.Allow("out", Direction.Egress)) },
                Vifs = { Host.Vif(1, 1, "10.1.0.11", 8) },
            }
        );
        return host;
    }

    private static Host Established()
    {
        var host = new Host();
        host.FromVif(1, Golden.SynToNeighbour80);
        host.FromVif(2, Golden.SynAckFromNeighbour80);
        host.FromVif(1, Golden.AckToNeighbour80);
        return host;
    }

    private static bool IsClosed(Host host)
    {
        host.Now += 5_000;
        host.Pipeline.Age(host.Now);
        return host.Pipeline.Flows.Count == 0;
    }

    private static List<(uint Vif, byte[] Frame, PacketOffload Offload)> Send(
        Host host,
        uint vif,
        uint sequence,
        uint acknowledgment,
        TcpFlags flags,
        int data = 0
    )
    {
        byte[] frame = [.. vif == 1 ? Golden.AckToNeighbour80 : Golden.SynAckFromNeighbour80, .. new byte[data]];
        var packet = frame.AsSpan(14);
        var segment = packet[20..];
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        Ipv4Header.WriteChecksum(packet[..20]);
        BinaryPrimitives.WriteUInt32BigEndian(segment[4..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(segment[8..], acknowledgment);
        segment[TcpHeader.FlagsOffset] = (byte)flags;
        return host.FromVif(vif, frame).Vifs;
    }
}
