using Fabric.Model.Datapath;

namespace Fabric.Datapath.Tests;

public sealed class SecurityGroupTests
{
    [Test]
    public void A_group_lets_its_port_in_and_names_itself_when_it_denies()
    {
        var host = WithWeb();
        Assert.That(host.FromVif(1, Golden.SynToNeighbour80).Vifs, Has.Count.EqualTo(1));
        Assert.That(host.FromVif(1, Golden.SynToNeighbour81).Count, Is.Zero);

        var allowed = host.Flow("10.1.0.11", "10.1.0.12", 80)!;
        Assert.That((allowed.Action, allowed.Rule), Is.EqualTo((FlowAction.Forward, "web/http")));
        var denied = host.Flow("10.1.0.11", "10.1.0.12", 81)!;
        Assert.That(
            (denied.Action, denied.Reason, denied.Rule),
            Is.EqualTo((FlowAction.Drop, DropReason.SecurityGroupIngress, "web/default-deny"))
        );
        var drop = host.Inspector.RecentDrops().Single();
        Assert.That((drop.Rule, drop.DestinationPort), Is.EqualTo(("web/default-deny", (ushort)81)));
    }

    [Test]
    public void The_reply_of_an_allowed_connection_passes()
    {
        var host = WithWeb();
        host.FromVif(1, Golden.SynToNeighbour80);
        Assert.That(host.FromVif(2, Golden.SynAckFromNeighbour80).Vifs.Single().Vif, Is.EqualTo(1));

        var (forward, reverse) = (host.Flow("10.1.0.11", "10.1.0.12", 80)!, host.Flow("10.1.0.12", "10.1.0.11", 5000)!);
        Assert.That((forward.ReverseIndex, reverse.ReverseIndex), Is.EqualTo(((int?)reverse.Index, (int?)forward.Index)));
        Assert.That((forward.IsInitiator, reverse.IsInitiator, reverse.Packets), Is.EqualTo((true, false, 1L)));
    }

    [Test]
    public void A_group_without_egress_rules_lets_nothing_out()
    {
        var host = WithWeb();
        host.Apply(new Batch { AccessLists = { Host.Group(9, "mute") }, Vifs = { Host.Vif(1, 1, "10.1.0.11", 9) } });
        Assert.That(host.FromVif(1, Golden.SynToNeighbour80).Count, Is.Zero);
        Assert.That(host.Flow("10.1.0.11", "10.1.0.12", 80)!.Reason, Is.EqualTo(DropReason.SecurityGroupEgress));
    }

    [Test]
    public void Groups_of_a_port_allow_what_any_of_them_allows_and_the_first_denies()
    {
        var host = WithWeb();
        host.Apply(
            new Batch
            {
                AccessLists = { Host.Group(9, "ssh", Host.Allow("ssh", Direction.Ingress, 6, 22)) },
                Vifs = { Host.Vif(2, 1, "10.1.0.12", 9, 8) },
            }
        );
        Assert.That(host.FromVif(1, Golden.SynToNeighbour80).Vifs, Has.Count.EqualTo(1));
        host.FromVif(1, Golden.SynToNeighbour81);
        Assert.That(host.Flow("10.1.0.11", "10.1.0.12", 81)!.Rule, Is.EqualTo("ssh/default-deny"));
    }

    [Test]
    public void A_group_that_is_not_here_yet_allows_nothing_and_heals()
    {
        var host = new Host();
        host.Apply(new Batch { Vifs = { Host.Vif(2, 1, "10.1.0.12", 8) } });
        Assert.That(host.FromVif(1, Golden.SynToNeighbour80).Count, Is.Zero);
        host.Apply(new Batch { AccessLists = { Web() } });
        Assert.That(host.FromVif(1, Golden.SynToNeighbour80).Vifs, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_remote_group_is_read_from_the_route_of_the_source()
    {
        var host = new Host();
        var rule = Host.Allow("friends", Direction.Ingress, 6, 80);
        rule.RemoteGroup = 77;
        host.Apply(new Batch { AccessLists = { Host.Group(8, "web", rule) }, Vifs = { Host.Vif(2, 1, "10.1.0.12", 8) } });
        Assert.That(host.FromUplink(Golden.SynFromRemote80).Count, Is.Zero);

        host.Apply(new Batch { Routes = { Host.Route(1, "10.1.0.21/32", 4, 21, 77) } });
        Assert.That(host.FromUplink(Golden.SynFromRemote80).Vifs.Single().Vif, Is.EqualTo(2));
        Assert.That(host.FromUplink(Golden.SynFromRemote81).Count, Is.Zero);
    }

    [TestCase("10.1.0.0/28", true)]
    [TestCase("10.1.0.16/28", false)]
    public void A_remote_prefix_is_compared_with_the_source(string prefix, bool passes)
    {
        var host = new Host();
        var rule = Host.Allow("near", Direction.Ingress);
        var parsed = Primitives.IpPrefix.Parse(prefix);
        (rule.RemotePrefix, rule.RemoteLength) = (parsed.Address.Ipv4, parsed.Length);
        host.Apply(new Batch { AccessLists = { Host.Group(8, "web", rule) }, Vifs = { Host.Vif(2, 1, "10.1.0.12", 8) } });
        Assert.That(host.FromVif(1, Golden.SynToNeighbour80).Count, Is.EqualTo(passes ? 1 : 0));
    }

    [Test]
    public void A_changed_group_reaches_established_flows_and_keeps_their_counters()
    {
        var host = WithWeb();
        host.FromVif(1, Golden.SynToNeighbour80);
        host.FromVif(2, Golden.SynAckFromNeighbour80);

        host.Apply(new Batch { AccessLists = { Host.Group(8, "web") } });
        Assert.That(host.FromVif(1, Golden.AckToNeighbour80).Count, Is.Zero);
        Assert.That(host.FromVif(2, Golden.SynAckFromNeighbour80).Count, Is.Zero);
        var flow = host.Flow("10.1.0.11", "10.1.0.12", 80)!;
        Assert.That((flow.Action, flow.Rule, flow.Packets), Is.EqualTo((FlowAction.Drop, "web/default-deny", 2L)));

        host.Apply(new Batch { AccessLists = { Web() } });
        Assert.That(host.FromVif(1, Golden.AckToNeighbour80).Vifs, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_connection_older_than_the_flow_table_passes_when_either_side_may_have_opened_it()
    {
        var host = WithWeb();
        host.Apply(new Batch { AccessLists = { Host.Group(9, "mute") }, Vifs = { Host.Vif(2, 1, "10.1.0.12", 8, 9) } });
        Assert.That(host.FromVif(2, Golden.SynAckFromNeighbour80).Vifs, Has.Count.EqualTo(1));
        Assert.That(host.Flow("10.1.0.12", "10.1.0.11", 5000)!.IsInitiator, Is.False);
    }

    [Test]
    public void An_icmp_error_goes_the_way_of_the_flow_that_it_is_about()
    {
        var host = new Host();
        var dns = Host.Group(8, "dns", Host.Allow("query", Direction.Ingress, 17, 53));
        host.Apply(new Batch { AccessLists = { dns }, Vifs = { Host.Vif(2, 1, "10.1.0.12", 8) } });
        Assert.That(host.FromVif(2, Golden.PortUnreachableFromNeighbour).Count, Is.Zero, "no flow yet, and no egress rule");

        host.FromVif(1, Golden.UdpToNeighbour);
        Assert.That(host.FromVif(2, Golden.PortUnreachableFromNeighbour).Vifs.Single().Vif, Is.EqualTo(1));
    }

    private static AccessListEntry Web() => Host.Group(8, "web", Host.Allow("http", Direction.Ingress, 6, 80));

    private static Host WithWeb()
    {
        var host = new Host();
        host.Apply(new Batch { AccessLists = { Web() }, Vifs = { Host.Vif(2, 1, "10.1.0.12", 8) } });
        return host;
    }
}
