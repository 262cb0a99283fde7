using Fabric.Primitives;
using Fabric.Routing.Policies;
using Fabric.Routing.Tests.Policies;
using Fabric.Wire.Bgp;

namespace Fabric.Routing.Tests;

/// <summary>What those who keep copies of the tables read.</summary>
internal sealed class ReadingTests
{
    private static readonly IpPrefix Prefix = Fixture.Prefix("10.1.0.0/16");
    private static readonly EvpnKey Mac = EvpnKey.MacIp(Fixture.Rd("64512:1"), 7, new MacAddress(1), IpAddress.Parse("2001:db8::5"));
    private static readonly EvpnData Data = new(0x641, secondLabel: 0x642);

    private readonly UpdateBatch _batch = new();

    [Test]
    public void All_paths_of_a_peer_are_read_with_their_identifiers()
    {
        var fixture = new Fixture();
        var p = fixture.Client("p", AddressFamily.Ipv4Unicast);
        fixture.Core.Advertise(p, Prefix, Fixture.Attributes("203.0.113.1"), pathId: 1);
        fixture.Core.Advertise(p, Prefix, Fixture.Attributes("203.0.113.2"), pathId: 2);

        Assert.That(
            Received(fixture, p, isPostPolicy: true),
            Is.EquivalentTo(["ipv4 10.1.0.0/16 #1 via 203.0.113.1/0", "ipv4 10.1.0.0/16 #2 via 203.0.113.2/0"])
        );
    }

    [Test]
    public void A_route_of_each_table_is_read_with_what_it_carries()
    {
        var (fixture, p) = OfEachTable();

        Assert.That(
            Received(fixture, p, isPostPolicy: true),
            Is.EqualTo([
                "ipv4 10.1.0.0/16 via 203.0.113.1/0",
                "ipv4-labelled 10.1.0.0/16 via 203.0.113.1/77",
                "vpnv4 64512:1:10.1.0.0/16 via 203.0.113.1/100",
                $"evpn {Mac} {Data} via 203.0.113.1/0",
            ])
        );
    }

    [Test]
    public void A_path_is_told_as_the_table_of_its_family_has_it()
    {
        var (fixture, p) = OfEachTable();
        fixture.Core.WithdrawLabelled(p, Prefix);
        fixture.Core.Withdraw(p, Mac);
        var other = EvpnKey.InclusiveMulticast(Mac.Rd, 7, IpAddress.Parse("2001:db8::6"));

        _batch.Clear();
        fixture.Core.AppendReceived(p, AddressFamily.Ipv4Unicast, RouteKey.Of(Prefix), 0, _batch);
        fixture.Core.AppendReceived(p, AddressFamily.LabelledIpv4, RouteKey.Of(Prefix), 0, _batch);
        fixture.Core.AppendReceived(p, Mac, 0, _batch);
        fixture.Core.AppendReceived(p, other, 3, _batch);

        Assert.That(
            Words(),
            Is.EqualTo([
                "ipv4 10.1.0.0/16 via 203.0.113.1/0",
                "ipv4-labelled 10.1.0.0/16 gone",
                $"evpn {Mac} {default(EvpnData)} gone",
                $"evpn {other} {default(EvpnData)} #3 gone",
            ])
        );
    }

    [Test]
    public void Ahead_of_the_policies_a_path_is_as_it_came_and_behind_them_as_they_made_it()
    {
        var fixture = new Fixture();
        var definition = Fixture.Define("p", PeerKind.InternalBgp, 11, families: [AddressFamily.Ipv4Unicast]);
        var p = fixture.Establish(definition with { ImportPolicies = [Policy.Doing(new PolicyAction.SetLocalPreference(300))] });
        fixture.Core.Advertise(p, Prefix, Fixture.Attributes("203.0.113.1", localPref: 50));

        Assert.That(Received(fixture, p, isPostPolicy: false), Is.EqualTo(["ipv4 10.1.0.0/16 via 203.0.113.1/0 lp50"]));
        Assert.That(Received(fixture, p, isPostPolicy: true), Is.EqualTo(["ipv4 10.1.0.0/16 via 203.0.113.1/0 lp300"]));
    }

    [Test]
    public void What_a_peer_holds_is_read_and_listed_path_by_path()
    {
        var fixture = new Fixture(clusterId: 7);
        var (p, q) = (fixture.Client("p", AddressFamily.Ipv4Unicast), fixture.Client("q", AddressFamily.Ipv4Unicast));
        var several = fixture.Establish(
            Fixture.Define("several", PeerKind.InternalBgp, 31, client: true, families: [AddressFamily.Ipv4Unicast]) with
            {
                AddPathFamilies = [AddressFamily.Ipv4Unicast],
            }
        );
        fixture.Core.Advertise(p, Prefix, Fixture.Attributes("203.0.113.1"));
        fixture.Core.Advertise(q, Prefix, Fixture.Attributes("203.0.113.2"));
        fixture.Drain();

        Assert.That(Advertised(fixture, several), Has.Count.EqualTo(2).And.All.Contains(" #"));
        Assert.That(Advertised(fixture, q), Is.EqualTo(["ipv4 10.1.0.0/16 via 203.0.113.1/0 lp100"]));
        fixture.Core.Withdraw(q, Prefix);
        var listing = fixture.Core.AdvertisedTo(several, AddressFamily.Ipv4Unicast, null, limit: 9);
        Assert.That(listing.Routes.Select(view => view.Source), Is.EquivalentTo(new[] { "p", null }), "one is still to be withdrawn");
    }

    [Test]
    public void Paths_of_a_route_are_read_in_rows_with_one_label_and_no_copy_in_a_VRF_is()
    {
        var (fixture, _) = OfEachTable();
        fixture.Vrf("red", "1");
        var q = fixture.Client("q", AddressFamily.L2VpnEvpn);
        fixture.Core.Advertise(q, new EvpnNlri(Mac, new EvpnData(5)), Fixture.Attributes("203.0.113.2", "1"));

        var cursor = default(RibCursor);
        fixture.Core.ReadPaths(ref cursor, _batch, 100);

        Assert.That(
            Words().Where(word => word.StartsWith("evpn", StringComparison.Ordinal)),
            Is.EqualTo([$"evpn {Mac} {Data} via 203.0.113.1/0", $"evpn {Mac} {new EvpnData(5)} via 203.0.113.2/0"])
        );
        Assert.That(RoutingCore.Families.Sum(fixture.Core.CountBest), Is.EqualTo(4), "one of each table");
        Assert.That(fixture.Core.Listing(AddressFamily.L2VpnEvpn, null, 9).Total, Is.EqualTo(1));
    }

    private static (Fixture Fixture, PeerId Peer) OfEachTable()
    {
        var fixture = new Fixture();
        var p = fixture.Client("p", AddressFamily.Ipv4Unicast, AddressFamily.LabelledIpv4, AddressFamily.Vpnv4, AddressFamily.L2VpnEvpn);
        var attributes = Fixture.Attributes("203.0.113.1", "1");
        fixture.Core.Advertise(p, Prefix, attributes);
        fixture.Core.AdvertiseLabelled(p, Prefix, attributes, new MplsLabel(77));
        fixture.Vpn(p, "64512:1", "10.1.0.0/16", attributes);
        fixture.Core.Advertise(p, new EvpnNlri(Mac, Data), attributes);
        return (fixture, p);
    }

    private List<string> Received(Fixture fixture, PeerId peer, bool isPostPolicy)
    {
        var cursor = default(RibCursor);
        fixture.Core.ReadReceived(peer, isPostPolicy, ref cursor, _batch, 100);
        Assert.That(cursor.IsAtEnd, Is.True);
        return Words();
    }

    private List<string> Advertised(Fixture fixture, PeerId peer)
    {
        var cursor = default(RibCursor);
        fixture.Core.ReadAdvertised(peer, ref cursor, _batch, 100);
        return Words();
    }

    private List<string> Words()
    {
        var words = new List<string>();
        foreach (ref readonly var update in _batch.Updates)
        {
            var name =
                update.Family != AddressFamily.L2VpnEvpn ? update.Key.ToString()
                : _batch.EvpnRouteOf(update) is var route ? $"{route.Key} {route.Data}"
                : "";
            var id = update.PathId == 0 ? "" : $" #{update.PathId}";
            var paths = _batch.PathsOf(update).ToArray().Select(path => $" via {Said(path)}");
            words.Add($"{update.Family} {name}{id}{(update.Kind == UpdateKind.Withdraw ? " gone" : string.Concat(paths))}");
        }

        return words;
    }

    private string Said(AdvertisedPath path)
    {
        var attributes = _batch.AttributesOf(path);
        return $"{attributes.NextHop}/{path.Label}{(attributes.LocalPref is { } preference ? $" lp{preference}" : "")}";
    }
}
