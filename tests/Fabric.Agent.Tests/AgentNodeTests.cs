using Fabric.Agent.Core.Ports;
using Fabric.Agent.Inspection;
using Fabric.Primitives;

namespace Fabric.Agent.Tests;

public sealed class AgentNodeTests
{
    private const string RemoteItem =
        "<item id=\"10.1.0.9/32\"><entry><nlri><af>1</af><safi>1</safi><address>10.1.0.9/32</address></nlri><next-hops><next-hop><af>1</af>"
        + "<address>192.0.2.12</address><label>33</label><tunnel-encapsulation-list><tunnel-encapsulation>gre</tunnel-encapsulation>"
        + "</tunnel-encapsulation-list></next-hop></next-hops><virtual-network>default-domain:acme:red</virtual-network></entry></item>";

    private static Fixture Running(MemoryState? state = null)
    {
        var fixture = new Fixture(state ?? new MemoryState(), Fixture.First);
        fixture.Start(Fixture.First, Fixture.DataPlane);
        fixture.Open(Fixture.First);
        fixture.Plug(Fixture.Port());
        fixture.Configure(Fixture.First);
        return fixture;
    }

    [Test]
    public void A_new_session_asks_for_config_then_subscribes_publishes_and_says_end_of_rib()
    {
        using var fixture = new Fixture(Fixture.First);
        fixture.Start(Fixture.First, Fixture.DataPlane);
        fixture.Plug(Fixture.Port());
        fixture.Open(Fixture.First);
        Assert.That(fixture.SentTo(Fixture.First), Does.Contain("<subscribe node=\"virtual-router:default-global-system-config:host1\""));

        fixture.Configure(Fixture.First);
        var sent = fixture.SentTo(Fixture.First);
        string[] parts =
        [
            $"<subscribe node=\"{Fixture.Red}\"><options><instance-id>1</instance-id>",
            $"<publish node=\"1/1/{Fixture.Red}/10.1.0.5/32\">",
            "<address>192.0.2.11</address>",
            "<label>16</label>",
            "<tunnel-encapsulation>gre</tunnel-encapsulation>",
            $"<associate node=\"1/1/{Fixture.Red}/10.1.0.5/32\"/>",
            "0/0/EndOfRib",
        ];
        Assert.That(parts.Select(part => sent.IndexOf(part, StringComparison.Ordinal)), Is.Ordered.And.All.Not.Negative, sent);
    }

    [Test]
    public void A_route_of_a_controller_reaches_the_data_plane()
    {
        using var fixture = Running();
        fixture.TakeBatches();
        fixture.Notify(Fixture.First, $"1/1/{Fixture.Red}", RemoteItem);

        var batch = fixture.TakeBatches().Single();
        Assert.That(batch.Routes.Single().Label, Is.EqualTo(33));
        Assert.That(IpAddress.FromIpv4(batch.NextHops.Single().Tunnel.Destination).ToString(), Is.EqualTo("192.0.2.12"));

        fixture.Notify(Fixture.First, $"1/1/{Fixture.Red}", "<retract id=\"10.1.0.9/32\"/>");
        Assert.That(fixture.TakeBatches().Single().RoutesRemoved, Has.Count.EqualTo(1));
    }

    // The answer is made on the loop that also hears the control nodes.
    [Test]
    public void Of_many_routes_the_first_are_shown_and_how_many_there_are()
    {
        using var fixture = Running();
        fixture.Notify(Fixture.First, $"1/1/{Fixture.Red}", RemoteItem);
        var view = CoreViews.Routes(fixture.Node.Core, Fixture.Red, IpAddress.Parse("192.0.2.11"), limit: 1)!;
        Assert.That((view.Routes.Single().Prefix, view.Total), Is.EqualTo(("10.1.0.1/32", 4)));
        var vrf = CoreViews.Vrfs(fixture.Node.Core, IpAddress.Parse("192.0.2.11")).Single();
        Assert.That((vrf.Ports, vrf.Routes), Is.EqualTo((new[] { Fixture.PortId }, 4)));
    }

    [Test]
    public void The_snapshot_ends_with_the_controllers_end_of_rib()
    {
        using var fixture = Running();
        var batches = fixture.TakeBatches();
        Assert.That(batches[0].BeginSnapshot, Is.True);
        Assert.That(batches.Any(batch => batch.EndSnapshot), Is.False);

        fixture.EndOfRib(Fixture.First);
        Assert.That(fixture.TakeBatches().Single().EndSnapshot, Is.True);
        Assert.That(fixture.Node.Status().DataPlane.InSync, Is.True);
    }

    [Test]
    public void A_controller_that_never_says_end_of_rib_counts_as_whole_after_five_minutes()
    {
        using var fixture = Running();
        fixture.TakeBatches();
        PassTime(fixture, minutes: 4);
        Assert.That(fixture.TakeBatches(), Is.Empty);
        PassTime(fixture, minutes: 1);
        Assert.That(fixture.TakeBatches().Single().EndSnapshot, Is.True);
    }

    /// <summary>It waits for hosts and neighbours, 90 s at most with its own settings: a gateway that comes back slowly has not said its routes before.</summary>
    [Test]
    public void Routes_of_a_gateway_stay_while_a_restarted_control_node_waits_for_it()
    {
        using var fixture = Running();
        fixture.Notify(Fixture.First, $"1/1/{Fixture.Red}", RemoteItem);
        fixture.EndOfRib(Fixture.First);
        fixture.Transport.Last(Fixture.First).End("Connection reset by peer");
        fixture.Loop.RunPosted();
        fixture.Loop.Advance(TimeSpan.FromSeconds(2));
        fixture.Open(Fixture.First);
        fixture.Configure(Fixture.First);
        fixture.TakeBatches();

        PassTime(fixture, minutes: 2);
        Assert.That(fixture.TakeBatches(), Is.Empty);
        fixture.EndOfRib(Fixture.First);

        Assert.That(fixture.TakeBatches().Single().RoutesRemoved, Has.Count.EqualTo(1));
    }

    /// <summary>The control node lives, and says nothing else.</summary>
    private static void PassTime(Fixture fixture, int minutes)
    {
        for (var minute = 0; minute < minutes; minute++)
        {
            fixture.Loop.Advance(TimeSpan.FromMinutes(1));
            fixture.Say(Fixture.First, " ");
        }
    }

    [Test]
    public void A_data_plane_that_comes_back_gets_a_snapshot()
    {
        using var fixture = Running();
        fixture.EndOfRib(Fixture.First);
        fixture.TakeBatches();

        fixture.Transport.Last(Fixture.DataPlane).End("Connection reset by peer");
        fixture.Loop.RunPosted();
        fixture.Loop.Advance(TimeSpan.FromSeconds(2));

        var batch = fixture.TakeBatches().Single();
        Assert.That(batch, Has.Property("BeginSnapshot").True.And.Property("EndSnapshot").True);
        Assert.That(batch.Vifs.Single().Device, Is.EqualTo("tap-a"));
        Assert.That(batch.Host.HostName, Is.EqualTo("host1"));
    }

    [Test]
    public void A_restarted_agent_has_its_ports_and_its_labels()
    {
        using var before = Running();
        var label = before.Node.Core.Ports.Active[Fixture.PortId].Label;

        using var after = new Fixture(before.State, Fixture.First);
        after.Start(Fixture.First, Fixture.DataPlane);
        after.Open(Fixture.First);
        after.Configure(Fixture.First);
        Assert.That(after.Node.Core.Ports.Active[Fixture.PortId].Label, Is.EqualTo(label));
    }

    [Test]
    public void Two_controllers_of_a_list_are_used_and_one_that_refuses_goes_to_its_end()
    {
        using var fixture = new Fixture(Fixture.First, Fixture.Second, Fixture.Third);
        fixture.Start(Fixture.Second, Fixture.Third);
        fixture.Loop.Advance(TimeSpan.FromSeconds(2));
        fixture.Open(Fixture.Second);
        fixture.Open(Fixture.Third);

        Assert.That(
            fixture.Node.Status().Controllers.Select(controller => $"{controller.EndPoint} {controller.State}"),
            Is.EqualTo([$"{Fixture.Second} Established", $"{Fixture.Third} Established", $"{Fixture.First} Spare"])
        );
    }

    [Test]
    public void A_lost_session_comes_back_and_hears_everything_again()
    {
        using var fixture = Running();
        fixture.Transport.Last(Fixture.First).End("Connection reset by peer");
        fixture.Loop.RunPosted();
        Assert.That(fixture.Node.Status().Controllers[0].Reason, Is.EqualTo("Connection reset by peer"));

        fixture.Loop.Advance(TimeSpan.FromSeconds(2));
        fixture.Open(Fixture.First);
        Assert.That(fixture.SentTo(Fixture.First), Does.Contain("<publish node=\"1/1/default-domain:acme:red:red/10.1.0.5/32\">"));
    }

    [Test]
    public void A_port_that_cannot_be_kept_is_not_plugged()
    {
        using var fixture = Running();
        fixture.State.IsFull = true;
        var other = Fixture.Port("00000000-0000-4000-8000-00000000000b");
        Assert.That(() => fixture.Node.Plug(other), Throws.InstanceOf<IOException>());
        Assert.That(fixture.Node.Core.Ports.Plugged, Does.Not.ContainKey(other.Id));
    }

    [Test]
    public void After_syncports_a_port_of_an_earlier_run_that_was_not_named_again_goes()
    {
        var state = new MemoryState();
        state.SavePort(Fixture.Port());
        state.SavePort(Fixture.Port("00000000-0000-4000-8000-00000000000b"));
        using var fixture = new Fixture(state, Fixture.First);
        fixture.Start();
        fixture.Plug(Fixture.Port());
        fixture.Loop.Run(fixture.Node.SyncPorts);

        fixture.Loop.Advance(TimeSpan.FromSeconds(59));
        Assert.That(state.Ports, Has.Count.EqualTo(2));
        fixture.Loop.Advance(TimeSpan.FromSeconds(2));
        Assert.That(state.Ports.Keys, Is.EqualTo([Fixture.PortId]));
    }

    [Test]
    public void What_cannot_be_read_is_passed_over_and_counted()
    {
        using var fixture = Running();
        fixture.Notify(Fixture.First, $"1/1/{Fixture.Red}", "<item id=\"nonsense\"><entry/></item>");
        Assert.That(fixture.Node.Status().Controllers[0].State, Is.EqualTo("Established"));
        Assert.That(fixture.Node.Status().Controllers[0].Skipped, Is.EqualTo(1));
        Assert.That(fixture.Node.Core.Ports.States[Fixture.PortId], Is.EqualTo(PortState.Active));
    }
}
