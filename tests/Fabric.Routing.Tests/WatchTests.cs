using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing.Tests;

/// <summary>What a reader of changes is told that follows the RIB at its own pace.</summary>
internal sealed class WatchTests
{
    private const string Route = "64512:9:10.1.0.0/16";

    [Test]
    public void A_route_is_added_then_changed_then_withdrawn()
    {
        var (fixture, reader) = Watched();
        var p = fixture.Internal("p");

        fixture.Vpn(p, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.1", "1"), label: 17);
        Assert.That(reader.Read(), Is.EqualTo([$"+Vpn {Route} p"]));
        Assert.That(reader.Held.Values, Is.EqualTo(["203.0.113.1/17 target:64512:1  best"]));

        fixture.Vpn(p, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.2", "1"), label: 17);
        Assert.That(reader.Read(), Is.EqualTo([$"~Vpn {Route} p"]));

        fixture.Withdraw(p, "64512:9", "10.1.0.0/16");
        Assert.That(reader.Read(), Is.EqualTo([$"-Vpn {Route} p"]));
        Assert.That(reader.Changes[^1].Attributes, Is.Null);
        Assert.That(fixture.Core.Counters.Paths, Is.Zero);
    }

    [Test]
    public void A_route_that_is_told_again_as_it_was_is_no_change()
    {
        var (fixture, reader) = Watched();
        var p = fixture.Internal("p");
        fixture.Vpn(p, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.1", "1"));
        reader.Read();

        fixture.Vpn(p, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.1", "1"));

        Assert.That(fixture.Core.HasChanges, Is.False);
    }

    [Test]
    public void Changes_between_two_readings_are_one_with_the_latest_state()
    {
        var (fixture, reader) = Watched();
        var p = fixture.Internal("p");
        fixture.Vpn(p, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.1", "1"));
        reader.Read();

        foreach (var med in Enumerable.Range(1, 100))
        {
            fixture.Vpn(p, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.1", "1", med: (uint)med));
        }

        Assert.That(reader.Read(), Is.EqualTo([$"~Vpn {Route} p"]));
        Assert.That(reader.Held.Values.Single(), Does.Contain("med100"));
    }

    [Test]
    public void A_route_that_came_and_went_between_two_readings_is_not_told()
    {
        var (fixture, reader) = Watched();
        var p = fixture.Internal("p");

        fixture.Vpn(p, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.1", "1"));
        fixture.Withdraw(p, "64512:9", "10.1.0.0/16");

        Assert.That(reader.Read(), Is.Empty);
        Assert.That(fixture.Core.HasChanges, Is.False);
    }

    [Test]
    public void A_route_that_went_and_came_between_two_readings_is_a_changed_one_and_takes_no_more_room([Values(1, 50)] int flaps)
    {
        var (fixture, reader) = Watched();
        var p = fixture.Internal("p");
        fixture.Vpn(p, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.1", "1"));
        reader.Read();

        for (var flap = 0; flap < flaps; flap++)
        {
            fixture.Withdraw(p, "64512:9", "10.1.0.0/16");
            fixture.Vpn(p, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.1", "1", med: (uint)flap));
        }

        Assert.That(fixture.Core.Counters.Paths, Is.EqualTo(2));
        Assert.That(reader.Read(), Is.EqualTo([$"~Vpn {Route} p"]));
        Assert.That(fixture.Core.Counters.Paths, Is.EqualTo(1));
    }

    [Test]
    public void Another_best_path_changes_both()
    {
        var (fixture, reader) = Watched();
        var (p, q) = (fixture.Internal("p"), fixture.Internal("q"));
        fixture.Vpn(p, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.1", "1"));
        reader.Read();

        fixture.Vpn(q, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.2", "1", localPref: 200));

        Assert.That(reader.Read(), Is.EquivalentTo([$"~Vpn {Route} p", $"+Vpn {Route} q"]));
        Assert.That(reader.Held.Values.Count(line => line.EndsWith("best", StringComparison.Ordinal)), Is.EqualTo(1));

        fixture.Withdraw(q, "64512:9", "10.1.0.0/16");
        Assert.That(reader.Read(), Is.EquivalentTo([$"~Vpn {Route} p", $"-Vpn {Route} q"]));
    }

    [Test]
    public void Of_best_paths_alone_another_one_withdraws_the_former()
    {
        var (fixture, reader) = Watched(isBestOnly: true);
        var (p, q) = (fixture.Internal("p"), fixture.Internal("q"));
        fixture.Vpn(p, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.1", "1"));
        reader.Read();

        fixture.Vpn(q, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.2", "1", localPref: 200));
        Assert.That(reader.Read(), Is.EquivalentTo([$"-Vpn {Route} p", $"+Vpn {Route} q"]));

        fixture.Withdraw(q, "64512:9", "10.1.0.0/16");
        Assert.That(reader.Read(), Is.EquivalentTo([$"+Vpn {Route} p", $"-Vpn {Route} q"]));
    }

    [Test]
    public void An_agents_route_is_in_its_vrf_in_the_vpn_table_and_in_every_vrf_that_imports_it_until_that_ceases_to()
    {
        var (fixture, reader) = Watched();
        fixture.Vrf("red", "1");
        fixture.Vrf("blue", "1 2", "2");
        var a = fixture.Agent("a");
        fixture.Core.Subscribe(a, "red");
        reader.Read();

        fixture.Publish(a, "red", "10.1.0.5/32", "198.51.100.1");
        Assert.That(reader.Read(), Is.EquivalentTo(["+red 10.1.0.5/32 a", "+Vpn 198.51.100.1:1:10.1.0.5/32 a", "+blue 10.1.0.5/32 a"]));
        var imported = reader.Changes.Single(change => change.Vrf == "blue");
        Assert.That((imported.ImportedFrom, imported.ImportedRd.ToString()), Is.EqualTo((RouteTableKind.Vpn, "198.51.100.1:1")));

        fixture.Vrf("blue", "2");
        Assert.That(reader.Read(), Is.EqualTo(["-blue 10.1.0.5/32 a"]));
    }

    [Test]
    public void A_membership_of_this_node_itself_is_its_own()
    {
        var (fixture, reader) = Watched();
        fixture.Vrf("red", "1");
        fixture.Core.Subscribe(fixture.Agent("a"), "red");

        Assert.That(reader.Read(), Is.EqualTo(["+Membership 64512:target:64512:1/96 local"]));
        Assert.That(reader.Changes.Single().Peer.Kind, Is.EqualTo(PeerKind.Local));
    }

    [Test]
    public void The_end_of_a_peer_withdraws_what_it_had_said_by_its_name_even_if_another_peer_came_meanwhile()
    {
        var (fixture, reader) = Watched();
        var p = fixture.Internal("p");
        fixture.Vpn(p, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.1", "1"));
        fixture.Vpn(p, "64512:9", "10.2.0.0/16", Fixture.Attributes("203.0.113.1", "1"));
        reader.Read();

        fixture.Core.Remove(p);
        var q = fixture.Internal("q");
        fixture.Vpn(q, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.1", "1"));

        Assert.That(q, Is.Not.EqualTo(p), "the number is still needed");
        Assert.That(reader.Read(), Is.EqualTo([$"-Vpn {Route} p", "-Vpn 64512:9:10.2.0.0/16 p", $"+Vpn {Route} q"]));
        Assert.That(fixture.Internal("r"), Is.EqualTo(p), "it is free again");
        Assert.That(fixture.Core.Counters, Is.EqualTo(fixture.Core.Counters with { Paths = 1, VpnRoutes = 1 }));
    }

    [Test]
    public void A_peer_that_is_lost_and_back_before_it_is_read_changes_its_routes_and_withdraws_those_it_does_not_say_again()
    {
        var (fixture, reader) = Watched();
        var p = fixture.Internal("p");
        fixture.Vpn(p, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.1", "1"));
        fixture.Vpn(p, "64512:9", "10.2.0.0/16", Fixture.Attributes("203.0.113.1", "1"));
        reader.Read();

        fixture.Core.Remove(p);
        fixture.Vpn(fixture.Internal("p"), "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.1", "1"));

        Assert.That(reader.Read(), Is.EqualTo(["-Vpn 64512:9:10.2.0.0/16 p", $"~Vpn {Route} p"]));
    }

    [Test]
    public void A_restarting_peers_routes_are_stale_and_those_that_came_from_them_until_they_are_said_again_or_swept()
    {
        var (fixture, reader) = Watched();
        fixture.Vrf("red", "1");
        var p = fixture.Internal("p");
        fixture.Vpn(p, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.1", "1"));
        fixture.Vpn(p, "64512:9", "10.2.0.0/16", Fixture.Attributes("203.0.113.1", "1"));
        reader.Read();

        fixture.Core.MarkStale(p, AddressFamily.Vpnv4);
        Assert.That(reader.Read(), Has.Length.EqualTo(4).And.All.StartsWith("~"));
        Assert.That(reader.Held.Values, Has.All.EndsWith("stale"));

        fixture.Establish("p", PeerKind.InternalBgp, number: 11);
        fixture.Vpn(p, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.1", "1"));
        Assert.That(reader.Read(), Is.EquivalentTo([$"~Vpn {Route} p", "~red 10.1.0.0/16 p"]));

        fixture.Core.SweepStale(p, AddressFamily.Vpnv4);
        Assert.That(reader.Read(), Is.EquivalentTo(["-Vpn 64512:9:10.2.0.0/16 p", "-red 10.2.0.0/16 p"]));
        Assert.That(reader.Held, Is.EqualTo(ChangeReader.TablesOf(fixture.Core)));
    }

    [Test]
    public void A_removed_vrf_withdraws_its_routes_by_its_name_and_a_new_one_of_that_name_adds_its_own()
    {
        var (fixture, reader) = Watched();
        fixture.Vrf("red", "1");
        fixture.Vpn(fixture.Internal("p"), "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.1", "1"));
        reader.Read();

        fixture.Core.RemoveVrf("red");
        fixture.Vrf("blue", "1");
        fixture.Vrf("red", "1");

        Assert.That(reader.Read(), Is.EquivalentTo(["-red 10.1.0.0/16 p", "+red 10.1.0.0/16 p", "+blue 10.1.0.0/16 p"]));
        Assert.That(reader.Held, Is.EqualTo(ChangeReader.TablesOf(fixture.Core)));
    }

    [Test]
    public void An_evpn_prefix_and_a_vpn_route_that_a_vrf_imports_for_one_prefix_are_two_paths()
    {
        var (fixture, reader) = Watched();
        fixture.Vrf("red", "1");
        var p = fixture.Client("p", AddressFamily.Vpnv4, AddressFamily.L2VpnEvpn);
        var attributes = Fixture.Attributes("203.0.113.1", "1");
        var evpn = EvpnKey.IpPrefix(Fixture.Rd("64512:9"), 0, Fixture.Prefix("10.1.0.0/16"));
        fixture.Vpn(p, "64512:9", "10.1.0.0/16", attributes);
        fixture.Core.Advertise(p, new EvpnNlri(evpn, new EvpnData(0x100)), attributes);
        var name = (PathChange change) => change.ImportedFrom;

        var reading = new List<PathChange>();
        fixture.Core.ReadChanges(reading, 100);
        var prefixes = reading.Where(change => change is { Vrf: "red", Table: RouteTableKind.Vrf }).ToList();
        Assert.That(prefixes.Select(name), Is.EquivalentTo(new RouteTableKind?[] { RouteTableKind.Vpn, RouteTableKind.Evpn }));

        reading.Clear();
        fixture.Core.Withdraw(p, evpn);
        fixture.Core.ReadChanges(reading, 100);
        Assert.That(
            reading.Where(change => change is { Table: RouteTableKind.Vrf, Kind: PathChangeKind.Withdrawn }).Select(name),
            Is.EqualTo(new RouteTableKind?[] { RouteTableKind.Evpn })
        );
    }

    [Test]
    public void What_changes_are_read_makes_exactly_the_tables([Range(2001, 2060)] int seed, [Values] bool isBestOnly)
    {
        var history = new RandomHistory(seed) { HasOwnRds = true };
        var core = history.Fixture.Core;
        var reader = new ChangeReader(core, isBestOnly);
        for (var step = 1; step <= 300; step++)
        {
            history.Step();
            Read(history, reader);
            if (history.Chance(20))
            {
                reader.Read();
                Assert.That(reader.Held, Is.EqualTo(ChangeReader.TablesOf(core, isBestOnly)), $"seed {seed} step {step}");
                Recount.AssertSame(core, $"seed {seed} step {step}");
                Assert.That(core.HasChanges, Is.False);
                history.Fixture.Drain();
            }
        }
    }

    // It pauses for any number of steps, and reads only a part at times.
    private static void Read(RandomHistory history, ChangeReader reader)
    {
        while (history.Chance(2) && reader.Read(1)) { }
    }

    private static (Fixture Fixture, ChangeReader Reader) Watched(bool isBestOnly = false)
    {
        var fixture = new Fixture();
        return (fixture, new ChangeReader(fixture.Core, isBestOnly));
    }
}
