using Fabric.Model.Datapath;

namespace Fabric.Datapath.Tests;

/// <summary>An interface goes and another gets its number, or its next hop: it gets nothing of what was the other's.</summary>
public sealed class ReplacementTests
{
    private const uint Shy = 8;

    [Test]
    public void Answers_to_a_machine_that_has_gone_do_not_reach_the_one_that_got_its_number([Values] bool inOneBatch)
    {
        var host = WithQuestion();
        Replace(host, inOneBatch, Port(1, nextHop: 1));
        Assert.That(host.FromVif(2, Datagram.Frame("10.1.0.12", "10.1.0.11", 53, 4000)).Count, Is.Zero);
        Assert.That(host.Inspector.RecentDrops().Single().Rule, Is.EqualTo("shy/default-deny"));
    }

    [Test]
    public void Nor_do_they_from_the_underlay([Values] bool inOneBatch)
    {
        var host = WithQuestion();
        host.FromVif(1, Datagram.Frame("10.1.0.11", "10.1.0.21", 4000, 53));
        Assert.That(host.FromUplink(Datagram.FromUnderlay("10.1.0.21", "10.1.0.11", 53, 4000)).Count, Is.EqualTo(1));
        Replace(host, inOneBatch, Port(1, nextHop: 1));
        Assert.That(host.FromUplink(Datagram.FromUnderlay("10.1.0.21", "10.1.0.11", 53, 4000)).Count, Is.Zero);
    }

    [Test]
    public void Another_port_in_the_place_of_one_is_a_replacement_too()
    {
        var host = WithQuestion();
        var port = Port(1, nextHop: 1);
        port.PortId = "another";
        host.Apply(new Batch { Vifs = { port } });
        Assert.That(host.FromVif(2, Datagram.Frame("10.1.0.12", "10.1.0.11", 53, 4000)).Count, Is.Zero);
    }

    [Test]
    public void Flows_of_an_interface_are_not_those_of_another_that_got_its_next_hop()
    {
        var host = WithQuestion();
        host.Apply(
            new Batch
            {
                VifsRemoved = { 1 },
                Vifs = { Port(7, nextHop: 1) },
                NextHops =
                {
                    new NextHopEntry
                    {
                        Id = 1,
                        Interface = new InterfaceNextHop { Vif = 7 },
                    },
                },
            }
        );
        Assert.That(host.FromVif(2, Datagram.Frame("10.1.0.12", "10.1.0.11", 53, 4000)).Count, Is.Zero);
        Assert.That(host.FromVif(7, Datagram.Frame("10.1.0.11", "10.1.0.12", 4000, 53)).Count, Is.EqualTo(1));
        Assert.That(host.Flow("10.1.0.11", "10.1.0.12", 53)!.Vif, Is.EqualTo(7));
        Assert.That(host.FromVif(2, Datagram.Frame("10.1.0.12", "10.1.0.11", 53, 4000)).Count, Is.EqualTo(1), "its own answer");
    }

    [Test]
    public void A_change_of_an_interface_leaves_it_its_flows()
    {
        var host = WithQuestion();
        var port = Port(1, nextHop: 1);
        port.Device = "renamed";
        host.Apply(new Batch { Vifs = { port } });
        Assert.That(host.FromVif(2, Datagram.Frame("10.1.0.12", "10.1.0.11", 53, 4000)).Count, Is.EqualTo(1));
    }

    [Test]
    public void Counters_begin_anew_also_where_both_are_in_one_batch()
    {
        var host = WithQuestion();
        Replace(host, inOneBatch: true, Port(1, nextHop: 1));
        Assert.That(host.Pipeline.Tables.Vif(1)!.Statistics.Total.ReceivedPackets, Is.Zero);
    }

    // Vif 1 lets nothing in but answers, and has asked its neighbour.
    private static Host WithQuestion()
    {
        var host = new Host();
        host.Apply(
            new Batch { AccessLists = { Host.Group(Shy, "shy", Host.Allow("out", Direction.Egress)) }, Vifs = { Port(1, nextHop: 1) } }
        );
        Assert.That(host.FromVif(1, Datagram.Frame("10.1.0.11", "10.1.0.12", 4000, 53)).Count, Is.EqualTo(1));
        Assert.That(host.FromVif(2, Datagram.Frame("10.1.0.12", "10.1.0.11", 53, 4000)).Count, Is.EqualTo(1));
        return host;
    }

    private static void Replace(Host host, bool inOneBatch, VifEntry port)
    {
        if (!inOneBatch)
        {
            host.Apply(new Batch { VifsRemoved = { port.Id } });
        }

        var batch = new Batch { Vifs = { port } };
        if (inOneBatch)
        {
            batch.VifsRemoved.Add(port.Id);
        }

        host.Apply(batch);
    }

    private static VifEntry Port(uint id, uint nextHop)
    {
        var port = Host.Vif(id, 1, "10.1.0.11", Shy);
        port.Mac = Google.Protobuf.ByteString.CopyFrom(2, 0, 0, 0, 0, 1);
        port.NextHop = nextHop;
        port.PortId = "port";
        return port;
    }
}
