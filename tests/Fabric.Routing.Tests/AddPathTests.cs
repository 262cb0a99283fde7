using Fabric.Primitives;

namespace Fabric.Routing.Tests;

internal sealed class AddPathTests
{
    private static readonly IpPrefix Prefix = Fixture.Prefix("10.1.0.0/16");

    [Test]
    public void A_peers_paths_for_one_route_stand_beside_each_other_by_their_identifiers()
    {
        var fixture = new Fixture();
        var p = fixture.Client("p", AddressFamily.Ipv4Unicast);
        fixture.Core.Advertise(p, Prefix, Fixture.Attributes("203.0.113.2"), pathId: 2);
        fixture.Core.Advertise(p, Prefix, Fixture.Attributes("203.0.113.1"), pathId: 1);
        Assert.That(Paths(), Is.EqualTo(["1 203.0.113.1 None", "2 203.0.113.2 PathId"]));

        fixture.Core.Advertise(p, Prefix, Fixture.Attributes("203.0.113.3", localPref: 200), pathId: 2);
        Assert.That(Paths(), Is.EqualTo(["2 203.0.113.3 None", "1 203.0.113.1 LocalPreference"]));

        fixture.Core.Withdraw(p, Prefix, pathId: 2);
        fixture.Core.Withdraw(p, Prefix, pathId: 3);
        Assert.That(Paths(), Is.EqualTo(["1 203.0.113.1 None"]));

        string[] Paths() =>
            [
                .. fixture
                    .Core.Routes(AddressFamily.Ipv4Unicast)
                    .Single()
                    .Paths.Select(path => $"{path.PathId} {path.Attributes.NextHop} {path.Reason}"),
            ];
    }

    [Test]
    public void A_peer_that_takes_several_paths_holds_those_of_all_others_and_another_only_the_best()
    {
        var fixture = new Fixture(clusterId: 7);
        var (p, q) = (fixture.Client("p", AddressFamily.Ipv4Unicast), Several(fixture, "q"));
        Several(fixture, "r");
        fixture.Client("s", AddressFamily.Ipv4Unicast);
        fixture.Core.Advertise(p, Prefix, Fixture.Attributes("203.0.113.1", localPref: 200));
        fixture.Core.Advertise(q, Prefix, Fixture.Attributes("203.0.113.2"));
        fixture.Drain();

        Assert.That(NextHops(fixture, "q"), Is.EqualTo(["203.0.113.1"]), "not its own");
        Assert.That(NextHops(fixture, "r"), Is.EqualTo(["203.0.113.1", "203.0.113.2"]));
        Assert.That(fixture.Held["s"].Keys, Is.EqualTo(["Unicast|10.1.0.0/16"]));
        fixture.Messages.Clear();

        fixture.Core.Advertise(q, Prefix, Fixture.Attributes("203.0.113.3"));
        fixture.Drain();
        Assert.That(NextHops(fixture, "r"), Is.EqualTo(["203.0.113.1", "203.0.113.3"]), "the identifier stays");
        Assert.That(fixture.Messages, Has.None.StartsWith("s:"), "the best path is the same");

        fixture.Core.Withdraw(p, Prefix);
        fixture.Drain();
        Assert.That(NextHops(fixture, "r"), Is.EqualTo(["203.0.113.3"]));
        Assert.That(NextHops(fixture, "s"), Is.EqualTo(["203.0.113.3"]));
        Assert.That(fixture.Held["q"], Is.Empty);

        fixture.Core.Remove(q);
        Assert.That(fixture.Drain().Held["r"], Is.Empty);
    }

    [Test]
    public void With_a_limit_a_peer_holds_the_best_paths_that_it_may_have()
    {
        var fixture = new Fixture(clusterId: 7);
        var (p, q) = (fixture.Client("p", AddressFamily.Ipv4Unicast), fixture.Client("q", AddressFamily.Ipv4Unicast));
        var (r, s) = (Several(fixture, "r", limit: 2), Several(fixture, "s", limit: 2));
        fixture.Core.Advertise(p, Prefix, Fixture.Attributes("203.0.113.1", localPref: 200));
        fixture.Core.Advertise(q, Prefix, Fixture.Attributes("203.0.113.2", localPref: 300));
        fixture.Core.Advertise(r, Prefix, Fixture.Attributes("203.0.113.3", localPref: 400));
        fixture.Drain();
        Assert.That(NextHops(fixture, "r"), Is.EqualTo(["203.0.113.1", "203.0.113.2"]), "not its own, which is no place of the two");
        Assert.That(NextHops(fixture, "s"), Is.EqualTo(["203.0.113.2", "203.0.113.3"]));

        fixture.Core.Withdraw(q, Prefix);
        fixture.Drain();
        Assert.That(NextHops(fixture, "r"), Is.EqualTo(["203.0.113.1"]));
        Assert.That(NextHops(fixture, "s"), Is.EqualTo(["203.0.113.1", "203.0.113.3"]), "the next one takes the place");

        fixture.Core.Redefine(s, fixture.Core.DefinitionOf(s) with { PathLimits = [new(AddressFamily.Ipv4Unicast, 1)] });
        fixture.Drain();
        Assert.That(NextHops(fixture, "s"), Is.EqualTo(["203.0.113.3"]));

        fixture.Core.Redefine(s, fixture.Core.DefinitionOf(s) with { PathLimits = [] });
        fixture.Core.Advertise(q, Prefix, Fixture.Attributes("203.0.113.2"));
        fixture.Drain();
        Assert.That(NextHops(fixture, "s"), Is.EqualTo(["203.0.113.1", "203.0.113.2", "203.0.113.3"]));
    }

    [Test]
    public void A_withdrawal_names_the_identifier_that_the_path_was_told_with_also_after_a_blockade()
    {
        var fixture = new Fixture(clusterId: 7);
        var (p, q) = (fixture.Client("p", AddressFamily.Ipv4Unicast), fixture.Client("q", AddressFamily.Ipv4Unicast));
        var slow = Several(fixture, "slow");
        fixture.Core.Advertise(p, Prefix, Fixture.Attributes("203.0.113.1"));
        fixture.Core.Advertise(q, Prefix, Fixture.Attributes("203.0.113.2"));
        fixture.Drain();
        fixture.Core.SetBlocked(slow, true);
        fixture.Core.Withdraw(p, Prefix);
        fixture.Core.Withdraw(q, Prefix);
        fixture.Core.Advertise(q, Prefix, Fixture.Attributes("203.0.113.3"));
        Several(fixture, "fast");
        fixture.Drain();

        fixture.Core.SetBlocked(slow, false);
        fixture.Drain();

        Assert.That(NextHops(fixture, "slow"), Is.EqualTo(["203.0.113.3"]));
        Assert.That(fixture.Held["slow"], Is.EqualTo(fixture.Held["fast"]));
    }

    [Test]
    public void Of_the_paths_of_a_route_a_peer_is_told_those_that_have_changed_and_all_of_them_where_it_asks()
    {
        const int Senders = 12;
        var fixture = new Fixture(clusterId: 7);
        var senders = Enumerable.Range(0, Senders).Select(i => fixture.Client($"p{i}", AddressFamily.Ipv4Unicast)).ToArray();
        var prefixes = Enumerable.Range(1, 3).Select(i => Fixture.Prefix($"10.{i}.0.0/16")).ToArray();
        var r = Several(fixture, "r");
        fixture.Drain().Messages.Clear();

        foreach (var (sender, i) in senders.Select((sender, i) => (sender, i)))
        {
            Say(sender, $"203.0.113.{i}");
            Assert.That(Told("r"), Is.EqualTo(prefixes.Length), $"of sender {i}");
        }

        Say(senders[5], "203.0.113.5");
        Assert.That(Told("r"), Is.Zero, "the same again");
        Say(senders[5], "203.0.113.99");
        Assert.That(Told("r"), Is.EqualTo(prefixes.Length), "another next hop");
        Say(senders[6], "203.0.113.6", localPref: 200);
        Assert.That(Told("r"), Is.EqualTo(prefixes.Length), "it is the best one now");
        fixture.Core.Withdraw(senders[6], Prefix);
        Assert.That(Told("r"), Is.EqualTo(1), "a withdrawal");

        Several(fixture, "s");
        Assert.That(Told("s"), Is.EqualTo(Senders * prefixes.Length - 1 + 1), "who comes late: all paths, End-of-RIB");
        Assert.That(Told("r"), Is.Zero, "who has been there");
        fixture.Core.Refresh(r, AddressFamily.Ipv4Unicast);
        Assert.That((Told("r"), Told("s")), Is.EqualTo((Senders * prefixes.Length - 1, 0)));

        void Say(PeerId sender, string nextHop, uint? localPref = null)
        {
            foreach (var prefix in prefixes)
            {
                fixture.Core.Advertise(sender, prefix, Fixture.Attributes(nextHop, localPref: localPref));
            }
        }

        int Told(string name) => fixture.Drain().Messages.RemoveAll(m => m.StartsWith($"{name}:", StringComparison.Ordinal));
    }

    [Test]
    public void A_limit_has_told_only_what_comes_into_it_and_what_goes_out_of_it()
    {
        var fixture = new Fixture(clusterId: 7);
        var senders = Enumerable.Range(0, 4).Select(i => fixture.Client($"p{i}", AddressFamily.Ipv4Unicast)).ToArray();
        Several(fixture, "r", limit: 2);
        foreach (var (sender, i) in senders.Select((sender, i) => (sender, i)))
        {
            fixture.Core.Advertise(sender, Prefix, Fixture.Attributes($"203.0.113.{i}"));
        }

        fixture.Drain().Messages.Clear();
        fixture.Core.Advertise(senders[3], Prefix, Fixture.Attributes("203.0.113.3", localPref: 200));
        fixture.Drain();

        Assert.That(NextHops(fixture, "r"), Is.EqualTo(["203.0.113.0", "203.0.113.3"]));
        Assert.That(fixture.Messages.Where(m => m.StartsWith("r:", StringComparison.Ordinal)).Select(m => m[3]), Is.EquivalentTo("+-"));
    }

    [Test]
    public void Updates_that_can_share_a_message_stand_together()
    {
        var fixture = new Fixture(clusterId: 7);
        var (p, q) = (Several(fixture, "p"), Several(fixture, "q"));
        Several(fixture, "r");
        var (ofP, ofQ) = (Fixture.Attributes("203.0.113.1"), Fixture.Attributes("203.0.113.2"));
        for (var i = 1; i <= 3; i++)
        {
            fixture.Core.Advertise(p, Fixture.Prefix($"10.{i}.0.0/16"), ofP);
            fixture.Core.Advertise(q, Fixture.Prefix($"10.{i}.0.0/16"), ofQ);
        }

        var batch = new UpdateBatch();
        Assert.That(fixture.Core.Read(batch, 100), Is.EqualTo(6 + 1));
        var runs = batch.Updates.ToArray().SkipLast(1).Select(u => (u.Receivers.Bits, batch.AttributesOf(batch.PathsOf(u)[0]).NextHop));

        Assert.That(runs.Chunk(3).Select(run => run.Distinct().Count()), Is.EqualTo([1, 1]));
    }

    [Test]
    public void An_ipv6_next_hop_goes_with_ipv4_routes_only_where_it_was_agreed_on()
    {
        var fixture = new Fixture(clusterId: 7);
        var p = fixture.Client("p", AddressFamily.Ipv4Unicast, AddressFamily.Ipv6Unicast);
        fixture.Client("q", AddressFamily.Ipv4Unicast, AddressFamily.Ipv6Unicast);
        fixture.Establish(
            Fixture.Define("r", PeerKind.InternalBgp, 77, client: true) with
            {
                Families = [AddressFamily.Ipv4Unicast],
                ExtendedNextHopFamilies = [AddressFamily.Ipv4Unicast],
            }
        );

        fixture.Core.Advertise(p, Prefix, Fixture.Attributes("2001:db8::1"));
        fixture.Core.Advertise(p, Fixture.Prefix("2001:db8:1::/48"), Fixture.Attributes("2001:db8::1"));
        fixture.Drain();

        Assert.That(fixture.Held["r"].Keys, Is.EqualTo(["Unicast|10.1.0.0/16"]));
        Assert.That(fixture.Held["q"].Keys, Is.EqualTo(["Unicast|2001:db8:1::/48"]));

        fixture.Core.Advertise(p, Prefix, Fixture.Attributes("203.0.113.1"));
        Assert.That(fixture.Drain().Held["q"].Keys, Has.Member("Unicast|10.1.0.0/16"));

        fixture.Core.Advertise(p, Prefix, Fixture.Attributes("2001:db8::1"));
        Assert.That(fixture.Drain().Held["q"].Keys, Has.No.Member("Unicast|10.1.0.0/16"));
    }

    private static PeerId Several(Fixture fixture, string name, byte? limit = null) =>
        fixture.Establish(
            Fixture.Define(name, PeerKind.InternalBgp, 20 + name[0], client: true) with
            {
                Families = [AddressFamily.Ipv4Unicast],
                AddPathFamilies = [AddressFamily.Ipv4Unicast],
                PathLimits = limit is { } paths ? [new PathLimit(AddressFamily.Ipv4Unicast, paths)] : [],
            }
        );

    private static IEnumerable<string> NextHops(Fixture fixture, string name) =>
        fixture.Held[name].Values.Select(text => text[..text.IndexOf('/', StringComparison.Ordinal)]).Order();
}
