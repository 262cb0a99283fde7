using System.Buffers.Binary;
using Fabric.Model.Datapath;

namespace Fabric.Datapath.Tests;

/// <summary>Who asks much that nobody answers, or is asked so, has connections all the same; and so have others (RFC 4987 section 3.3 is of the same in hosts).</summary>
public sealed class FlowDisplacementTests
{
    private const string Machine = "10.1.0.11";
    private const string Neighbour = "10.1.0.12";
    private const string Remote = "10.1.0.21";

    [Test]
    public void What_nobody_answers_makes_room_and_what_was_answered_stays([Values] bool fromUnderlay)
    {
        var host = new Host(flowCapacity: 64, perVifLimit: 16);
        host.FromVif(1, Datagram.Frame(Machine, Remote, 9, 53));
        host.FromUplink(Datagram.FromUnderlay(Remote, Machine, 53, 9));
        for (ushort port = 100; port < 150; port++)
        {
            host.Now += 20;
            var sent = fromUnderlay
                ? host.FromUplink(Datagram.FromUnderlay(Remote, Machine, port, 80))
                : host.FromVif(1, Datagram.Frame(Machine, Remote, port, 80));
            Assert.That(sent.Count, Is.EqualTo(1), $"port {port}");
        }

        Assert.That(host.Pipeline.Flows.CountOf(1), Is.InRange(12, 16));
        Assert.That(host.Inspector.Flows(host.Now).Count(flow => flow.SourcePort == 53 || flow.DestinationPort == 53), Is.EqualTo(2));
    }

    // Entries by which more connections of a kind are made, which the next one makes again.
    [Test]
    public void Kinds_of_connections_make_room_and_connections_that_were_answered_stay()
    {
        var host = new Host(flowCapacity: 64, perVifLimit: 16);
        host.Apply(new Batch { Routes = { Host.Route(1, "10.9.0.0/16", 4, 21) } });
        for (var i = 0; i < 6; i++)
        {
            host.FromVif(1, Datagram.Frame(Machine, $"10.9.0.{i / 2}", (ushort)(1_000 + i), 80));
            host.FromUplink(Datagram.FromUnderlay($"10.9.0.{i / 2}", Machine, 80, (ushort)(1_000 + i)));
        }

        Assert.That(host.Pipeline.Flows.CountOf(1), Is.EqualTo(16), "six connections, two kinds");
        host.Now += 1_000;
        Assert.That(host.FromVif(1, Datagram.Frame(Machine, "10.9.0.9", 1_009, 80)).Count, Is.EqualTo(1));
        Assert.That(host.Inspector.Flows(host.Now).Count(static flow => flow.SourcePort is >= 1_000 and < 1_006), Is.EqualTo(6));
    }

    // It may be answered still. One pair of eight is the kind of all of them.
    [Test]
    public void What_was_sent_just_now_stays()
    {
        var host = new Host(flowCapacity: 64, perVifLimit: 16);
        var passed = Enumerable.Range(100, 50).Count(port => host.FromVif(1, Datagram.Frame(Machine, Remote, (ushort)port, 80)).Count == 1);
        Assert.That((passed, host.Dropped(DropReason.FlowLimitOfVif)), Is.EqualTo((7, 43L)));
    }

    [Test]
    public void Denials_make_room_for_what_is_allowed()
    {
        var host = new Host(flowCapacity: 32, perVifLimit: 8);
        host.Apply(
            new Batch { AccessLists = { Host.Group(8, "shy", Host.Allow("out", Direction.Egress)) }, Vifs = { Host.Vif(1, 1, Machine, 8) } }
        );
        for (ushort port = 1; port <= 4; port++)
        {
            host.FromUplink(Datagram.FromUnderlay(Remote, Machine, port, 80));
        }

        host.Now += 1_000;
        for (ushort port = 1; port <= 4; port++)
        {
            Assert.That(host.FromVif(1, Datagram.Frame(Machine, Remote, port, 53)).Count, Is.EqualTo(1), $"port {port}");
        }
    }

    // However many of them there are: as each has no more than is left, something is left.
    [Test]
    public void Nobody_fills_the_table_for_others()
    {
        var host = new Host(flowCapacity: 64, perVifLimit: 64);
        Ask(host, 1, Machine, 100);
        Assert.That(host.Pipeline.Flows.CountOf(1), Is.EqualTo(32));
        Ask(host, 2, Neighbour, 100);
        Assert.That(host.Pipeline.Flows.CountOf(2), Is.EqualTo(16));
        Assert.That(host.Dropped(DropReason.FlowTableFull), Is.EqualTo(200 - 22), "and two kinds");
    }

    [Test]
    public void Where_the_table_is_full_those_make_room_who_have_most()
    {
        var host = new Host(flowCapacity: 64, perVifLimit: 64);
        Ask(host, 1, Machine, 100);
        Ask(host, 2, Neighbour, 7);
        for (var i = 0; i < 7; i++)
        {
            host.FromUplink(AnswerToNeighbour((ushort)(1_000 + i), (ushort)(100 + i)));
        }

        host.Now += 1_000;
        Assert.That(host.FromVif(2, Datagram.Frame(Neighbour, Remote, 1, 80)).Count, Is.EqualTo(1));
        Assert.That((host.Pipeline.Flows.CountOf(1), host.Pipeline.Flows.CountOf(2)), Is.EqualTo((30, 18)));
    }

    // Behind the label of vif 2.
    private static byte[] AnswerToNeighbour(ushort sourcePort, ushort port)
    {
        var packet = Datagram.FromUnderlay(Remote, Neighbour, sourcePort, port);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(24), 17 << 12 | 0x1FF);
        return packet;
    }

    private static void Ask(Host host, uint vif, string address, int times)
    {
        for (var i = 0; i < times; i++)
        {
            host.FromVif(vif, Datagram.Frame(address, Remote, (ushort)(100 + i), (ushort)(1_000 + i)));
        }
    }
}
