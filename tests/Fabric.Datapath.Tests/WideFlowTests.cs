using Fabric.Datapath.Inspection;
using Fabric.Model.Datapath;

namespace Fabric.Datapath.Tests;

/// <summary>Verdicts that hold for more connections than the one that they were made for (docs/decisions/0011).</summary>
public sealed class WideFlowTests
{
    private const ushort Port = 7000;

    [Test]
    public void The_second_connection_to_a_port_makes_a_wide_pair_and_the_third_is_made_by_it()
    {
        var host = WithPortAllowed();
        Assert.That(Open(host, 1), Is.EqualTo(1));
        Assert.That(Wide(host), Is.Empty);
        Assert.That(Open(host, 2), Is.EqualTo(1));
        var pair = Wide(host);
        Assert.That(
            pair.Select(f => (f.IsInitiator, f.SourcePort, f.DestinationPort, f.Rule, f.Packets)),
            Is.EquivalentTo(new[] { (true, (ushort)0, Port, "web/app", 0L), (false, Port, (ushort)0, "web/app", 0L) })
        );

        Assert.That(Open(host, 3), Is.EqualTo(1));
        Assert.That(Wide(host).Single(f => f.IsInitiator).Packets, Is.EqualTo(1), "connections made by it");
        Assert.That(
            host.Inspector.Flows(host.Now).Where(f => f.SourcePort == 3).Select(f => (f.Action, f.Rule, f.Packets)),
            Is.EqualTo(new[] { (FlowAction.Forward, "web/app", 1L) })
        );
    }

    [Test]
    public void Ports_that_one_rule_allows_have_one_wide_pair()
    {
        var host = new Host();
        for (ushort port = 1; port <= 100; port++)
        {
            Open(host, source: 5, port);
        }

        var wide = Wide(host).Single(f => f.IsInitiator);
        Assert.That((wide.Packets, wide.FirstPort, wide.LastPort), Is.EqualTo((98L, (ushort?)0, (ushort?)ushort.MaxValue)));
        Assert.That(host.Pipeline.Flows.Count, Is.EqualTo(202));
    }

    [Test]
    public void A_port_outside_of_a_span_is_evaluated_for_itself()
    {
        var host = WithGroup(Rule("high", 1024, 65535), Rule("app", 80, 80));
        Assert.That(new ushort[] { 5000, 5001, 5002, 79, 80 }.Select(port => Open(host, 5, port)), Is.EqualTo(new[] { 1, 1, 1, 0, 1 }));
        Assert.That(host.Flow("10.1.0.11", "10.1.0.12", 80)!.Rule, Is.EqualTo("web/app"));
        Assert.That(host.Flow("10.1.0.11", "10.1.0.12", 5002)!.Rule, Is.EqualTo("web/high"));
    }

    [Test]
    public void A_change_of_the_rules_reaches_the_next_connection()
    {
        var host = WithPortAllowed();
        Open(host, 1);
        Open(host, 2);
        host.Apply(new Batch { AccessLists = { Host.Group(8, "web") } });
        Assert.That(Open(host, 3), Is.Zero);
        Assert.That(host.Dropped(DropReason.SecurityGroupIngress), Is.EqualTo(1));

        host.Apply(new Batch { AccessLists = { Host.Group(8, "web", Rule("other", Port, Port)) } });
        Assert.That(Open(host, 4), Is.EqualTo(1));
        Assert.That(Wide(host).Select(f => f.Rule), Is.All.EqualTo("web/other"));
    }

    [Test]
    public void What_is_denied_makes_none()
    {
        var host = WithGroup();
        Open(host, 1);
        Open(host, 2);
        Open(host, 3);
        Assert.That(Wide(host), Is.Empty);
        Assert.That(host.Dropped(DropReason.SecurityGroupIngress), Is.EqualTo(3));
    }

    [Test]
    public void A_route_with_more_than_one_way_has_none()
    {
        var host = new Host();
        host.Apply(
            new Batch
            {
                NextHops =
                {
                    new NextHopEntry
                    {
                        Id = 6,
                        Ecmp = new EcmpNextHop { Members = { new EcmpMember { NextHop = 2 } } },
                    },
                },
                Routes = { Host.Route(1, "10.1.0.12/32", 6) },
            }
        );
        Open(host, 1);
        Open(host, 2);
        Assert.That((Wide(host).Count, host.Pipeline.Flows.Count), Is.EqualTo((0, 4)));
    }

    [Test]
    public void A_wide_pair_makes_no_more_entries_than_an_interface_may_have()
    {
        var host = new Host(perVifLimit: 4);
        Assert.That(Enumerable.Range(1, 5).Select(source => Open(host, (ushort)source)), Is.EqualTo(new[] { 1, 1, 1, 0, 0 }));
        Assert.That(host.Inspector.Vifs().Select(v => v.Flows), Is.EqualTo(new[] { 4, 4, 0 }));
        Assert.That(host.Dropped(DropReason.FlowLimitOfVif), Is.EqualTo(2));
    }

    // A machine's packets to itself: those from the port that they go to would be their own answers.
    [Test]
    public void A_wide_pair_makes_no_connection_that_is_its_own_answer()
    {
        var host = new Host();
        for (ushort source = 1; source <= 3; source++)
        {
            Assert.That(host.FromVif(1, Datagram.Frame("10.1.0.11", "10.1.0.11", source, Port)).Count, Is.EqualTo(1));
        }

        Assert.That(Wide(host), Has.Count.EqualTo(2));
        Assert.That(host.FromVif(1, Datagram.Frame("10.1.0.11", "10.1.0.11", Port, Port)).Count, Is.Zero);
        Assert.That(host.Dropped(DropReason.SameForwardAndReverseKey), Is.EqualTo(1));
        Assert.That(host.Memory.Flows.Span.ToArray().Where(flow => flow.InUse).Select(flow => flow.Key), Is.Unique);
    }

    [Test]
    public void Both_sides_may_open_connections_to_any_port()
    {
        var host = new Host();
        for (ushort source = 1; source <= 3; source++)
        {
            Assert.That(Open(host, source), Is.EqualTo(1));
            Assert.That(host.FromVif(2, Datagram.Frame("10.1.0.12", "10.1.0.11", source, Port)).Count, Is.EqualTo(1));
        }

        Assert.That(Wide(host).Where(f => f.IsInitiator).Select(f => (f.Vif, f.Packets)), Is.EquivalentTo(new[] { (1u, 1L), (2u, 1L) }));
    }

    [Test]
    public void A_wide_pair_that_makes_no_connections_ages()
    {
        var host = new Host();
        Open(host, 1);
        Open(host, 2);
        host.Now += 100_000;
        Open(host, 3);
        host.Now += 100_000;
        host.Pipeline.Age(host.Now);
        Assert.That((Wide(host).Count, host.Pipeline.Flows.Count), Is.EqualTo((2, 4)), "the third connection and the pair that made it");
        host.Now += 100_000;
        host.Pipeline.Age(host.Now);
        Assert.That(host.Pipeline.Flows.Count, Is.Zero);
    }

    private static Host WithPortAllowed() => WithGroup(Rule("app", Port, Port));

    private static Host WithGroup(params AccessRule[] rules)
    {
        var host = new Host();
        host.Apply(new Batch { AccessLists = { Host.Group(8, "web", rules) }, Vifs = { Host.Vif(2, 1, "10.1.0.12", 8) } });
        return host;
    }

    private static AccessRule Rule(string name, uint first, uint last) =>
        new()
        {
            Name = name,
            Direction = Direction.Ingress,
            PortMin = first,
            PortMax = last,
        };

    private static int Open(Host host, ushort source, ushort port = Port) =>
        host.FromVif(1, Datagram.Frame("10.1.0.11", "10.1.0.12", source, port)).Count;

    private static List<FlowRecord> Wide(Host host) => [.. host.Inspector.Flows(host.Now).Where(f => f.IsWide)];
}
