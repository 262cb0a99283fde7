using System.Buffers;
using Fabric.Bgp;
using Fabric.Controller.Monitoring;
using Fabric.Model.Config;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Tests.Scenarios;

/// <summary>What a BMP station is told (RFC 7854, RFC 8671, RFC 9069).</summary>
public sealed class BmpTests
{
    private static readonly RouteDistinguisher Rd = RouteDistinguisher.Parse("64512:1");
    private static readonly PathAttributes s_attributes = new() { NextHop = IpAddress.Parse("203.0.113.9"), LocalPref = 100 };

    private const BmpTables All = BmpTables.PrePolicy | BmpTables.PostPolicy | BmpTables.AdjRibOut | BmpTables.LocRib;

    [Test]
    public void A_station_that_comes_late_is_told_the_neighbours_and_their_routes()
    {
        var (scene, gateway) = Start(All);
        gateway.Announce(scene.TargetOf("red"), "203.0.113.0/24");
        scene.Gateway("other", 22).Connected();
        scene.Run();

        var station = new StationPlayer(scene);
        scene.Run(60);

        Assert.That(station.Heard.Take(2), Is.EqualTo(["initiation", "loc-rib up"]));
        Assert.That(
            station.Heard,
            Is.SupersetOf(
                (string[])
                    [
                        "192.0.2.21 up",
                        "192.0.2.21 pre +203.0.113.0/24",
                        "192.0.2.21 pre end-of-rib vpnv4",
                        "192.0.2.21 post +203.0.113.0/24",
                        "192.0.2.22 up",
                        "192.0.2.22 out +203.0.113.0/24",
                        "192.0.2.22 out end-of-rib vpnv4",
                        "loc-rib +203.0.113.0/24",
                        "loc-rib end-of-rib vpnv4",
                    ]
            )
        );
    }

    [Test]
    public void Each_change_is_told_of_each_table()
    {
        var (scene, gateway) = Start(All);
        scene.Gateway("other", 22).Connected();
        var station = new StationPlayer(scene);
        scene.Run(60);
        station.Take();

        gateway.Announce(scene.TargetOf("red"), "203.0.113.0/24");
        scene.Run();

        Assert.That(
            station.Take(),
            Is.EquivalentTo([
                "192.0.2.21 post +203.0.113.0/24",
                "192.0.2.21 pre +203.0.113.0/24",
                "192.0.2.22 out +203.0.113.0/24",
                "loc-rib +203.0.113.0/24",
            ])
        );
    }

    [Test]
    public void Routes_of_all_families_are_told_with_what_they_carry_and_as_they_go()
    {
        AddressFamily[] families = [AddressFamily.Ipv4Unicast, AddressFamily.LabelledIpv4, AddressFamily.L2VpnEvpn];
        var (scene, _) = Start(BmpTables.PostPolicy | BmpTables.LocRib);
        scene.Apply(Scene.Router("third", 23, families));
        var third = scene.Gateway("third", 23, families).Connected();
        var evpn = new EvpnNlri(EvpnKey.IpPrefix(Rd, 7, IpPrefix.Parse("2001:db8::/32")), new EvpnData(0x641));
        third.Say(AddressFamily.Ipv4Unicast, s_attributes, new PrefixNlri(IpPrefix.Parse("10.1.0.0/16")));
        third.Say(AddressFamily.LabelledIpv4, s_attributes, new LabelledNlri(IpPrefix.Parse("10.2.0.0/16"), new MplsLabel(77)));
        third.Say(AddressFamily.L2VpnEvpn, s_attributes, evpn);
        scene.Run();

        var station = new StationPlayer(scene);
        scene.Run(60);
        foreach (var table in (string[])["192.0.2.23 post", "loc-rib"])
        {
            Assert.That(
                station.Heard,
                Is.SupersetOf((string[])[$"{table} +10.1.0.0/16", $"{table} +10.2.0.0/16 77", $"{table} +{evpn} 1601"])
            );
        }

        station.Take();
        third.TakeBack(AddressFamily.L2VpnEvpn, evpn);
        third.Say(AddressFamily.LabelledIpv4, s_attributes, new LabelledNlri(IpPrefix.Parse("10.2.0.0/16"), new MplsLabel(78)));
        scene.Run();
        Assert.That(
            station.Take(),
            Is.EquivalentTo([
                $"192.0.2.23 post -{evpn} 0",
                "192.0.2.23 post +10.2.0.0/16 78",
                $"loc-rib -{evpn} 0",
                "loc-rib +10.2.0.0/16 78",
            ])
        );
    }

    [Test]
    public void A_neighbour_that_goes_is_down_and_its_routes_leave_the_loc_rib()
    {
        var (scene, gateway) = Start(BmpTables.PrePolicy | BmpTables.LocRib);
        gateway.Announce(scene.TargetOf("red"), "203.0.113.0/24");
        var station = new StationPlayer(scene);
        scene.Run(60);
        station.Take();

        gateway.Handle(new PeerEvent.Stop("maintenance"));
        scene.Run();

        Assert.That(station.Take(), Is.EquivalentTo(["192.0.2.21 down, reason 3", "loc-rib -203.0.113.0/24"]));
    }

    // RFC 9687 section 4.4: the greater of 8 minutes and twice the hold time.
    [TestCase(90, 7, 9)]
    [TestCase(600, 19, 24)]
    public void A_neighbour_that_reads_nothing_is_given_up_by_this_side_though_little_waits_for_it(int holdSeconds, int stays, int goes)
    {
        var (scene, gateway) = Start(BmpTables.PrePolicy, holdTime: (ushort)holdSeconds);
        var deaf = scene.Gateway("other", 22);
        deaf.WaitsForEver = true;
        deaf.Options = deaf.Options with { HoldSeconds = (ushort)holdSeconds };
        deaf.Connected();
        var station = new StationPlayer(scene);
        scene.Run(60);
        station.Take();
        scene.Network.SetSlowReader("other", "control1", slow: true);
        gateway.Announce(scene.TargetOf("red"), "203.0.113.0/24");

        scene.Run(stays * 60);
        Assert.That(station.Take(), Has.None.StartsWith("192.0.2.22 down"));
        scene.Run((goes - stays) * 60);

        // RFC 7854 section 4.9: the local system, without a NOTIFICATION, by an event.
        Assert.That(station.Take(), Has.One.EqualTo("192.0.2.22 down, reason 2"));
    }

    [Test]
    public void What_a_neighbour_does_not_say_between_its_marks_is_withdrawn_without_an_UPDATE_of_it()
    {
        // RFC 7313 section 4.
        var (scene, gateway) = Start(BmpTables.PrePolicy | BmpTables.PostPolicy);
        gateway.Announce(scene.TargetOf("red"), "203.0.113.0/24", "198.51.100.0/24");
        gateway.SayEndOfRib(AddressFamily.Vpnv4);
        var station = new StationPlayer(scene);
        scene.Run(60);
        gateway.Peer.SendRouteRefresh(AddressFamily.Vpnv4, RouteRefreshSubtype.Begin, gateway);
        gateway.Announce(scene.TargetOf("red"), "203.0.113.0/24");
        scene.Run();
        station.Take();

        gateway.Peer.SendRouteRefresh(AddressFamily.Vpnv4, RouteRefreshSubtype.End, gateway);
        scene.Run();

        Assert.That(station.Take(), Is.EqualTo(["192.0.2.21 pre -198.51.100.0/24", "192.0.2.21 post -198.51.100.0/24"]));
    }

    [Test]
    public void A_family_that_is_disabled_is_withdrawn_without_an_UPDATE_of_it()
    {
        // RFC 7606 section 2. The routes come in one read with the message for which they go: MP_UNREACH_NLRI of vpnv4 with an NLRI of 32 bits.
        byte[] malformed = [.. KeepaliveMessage.Bytes[..16], 0, 36, 2, 0, 0, 0, 13, 0x80, 15, 10, 0, 1, 128, 32, 1, 1, 1, 1, 0, 0];
        var (scene, gateway) = Start(BmpTables.PrePolicy | BmpTables.PostPolicy);
        var station = new StationPlayer(scene);
        scene.Run(60);
        station.Take();

        gateway.Send(output =>
        {
            VpnNlri[] routes = [new(Rd, IpPrefix.Parse("203.0.113.0/24"), new MplsLabel(16))];
            UpdatePacker.Advertise<VpnNlri>(AddressFamily.Vpnv4, s_attributes, routes, new UpdateEncoding(true, false), output);
            output.Write(malformed);
        });
        scene.Run();

        Assert.That(gateway.Peer.State, Is.EqualTo(SessionState.Established));
        Assert.That(
            station.Take(),
            Is.EqualTo([
                "192.0.2.21 pre +203.0.113.0/24",
                "192.0.2.21 post +203.0.113.0/24",
                "192.0.2.21 pre -203.0.113.0/24",
                "192.0.2.21 post -203.0.113.0/24",
            ])
        );
    }

    [Test]
    public void What_comes_of_a_family_that_was_disabled_is_not_told()
    {
        byte[] malformed = [.. KeepaliveMessage.Bytes[..16], 0, 36, 2, 0, 0, 0, 13, 0x80, 15, 10, 0, 1, 128, 32, 1, 1, 1, 1, 0, 0];
        var (scene, gateway) = Start(BmpTables.PrePolicy | BmpTables.PostPolicy);
        var station = new StationPlayer(scene);
        scene.Run(60);
        gateway.Send(output => output.Write(malformed));
        scene.Run();
        station.Take();

        gateway.Say<VpnNlri>(AddressFamily.Vpnv4, s_attributes, new VpnNlri(Rd, IpPrefix.Parse("203.0.113.0/24"), new MplsLabel(16)));
        scene.Run();

        Assert.That(gateway.Peer.State, Is.EqualTo(SessionState.Established));
        Assert.That(station.Take(), Is.Empty);
    }

    [Test]
    public void Statistics_come_in_the_interval()
    {
        var (scene, _) = Start(BmpTables.LocRib, statisticsSeconds: 10);
        var station = new StationPlayer(scene);
        scene.Run(60);
        station.Take();

        scene.Run(10);

        Assert.That(station.Take(), Is.EquivalentTo(["192.0.2.21 has 3 statistics", "loc-rib has 1 statistics"]));
    }

    [Test]
    public void Changes_of_the_loc_rib_wait_for_a_station_that_does_not_read_and_are_told_once()
    {
        var (scene, gateway) = Start(BmpTables.LocRib);
        var station = new StationPlayer(scene);
        scene.Run(60);
        scene.Network.SetSlowReader("station", "control1", slow: true);
        for (var i = 0; i < 2000; i++)
        {
            gateway.Announce(scene.TargetOf("red"), communities: 400 + i % 2, "203.0.113.0/24");
            scene.Run(0.05);
        }

        Assert.That(scene.Network.LargestPendingBytes, Is.LessThan(2 << 20), "what has to be told is not queued");
        scene.Network.SetSlowReader("station", "control1", slow: false);
        gateway.Announce(scene.TargetOf("red"), "198.51.100.0/24");
        scene.Run();

        Assert.That(station.Heard, Has.One.EqualTo("loc-rib +198.51.100.0/24"));
        Assert.That(station.Connections, Is.EqualTo(1));
    }

    [Test]
    public void A_station_that_leaves_what_neighbours_say_unread_is_cut_off_and_begins_anew()
    {
        var (scene, gateway) = Start(BmpTables.PrePolicy);
        var station = new StationPlayer(scene);
        scene.Run(60);
        scene.Network.SetSlowReader("station", "control1", slow: true);
        for (var i = 0; i < 1_200; i++)
        {
            gateway.Announce(scene.TargetOf("red"), communities: 15_000 + i % 2, "203.0.113.0/24");
            scene.Run(0.01);
        }

        scene.Run(60);

        Assert.That(station.Connections, Is.EqualTo(2));
        Assert.That(scene.Network.LargestPendingBytes, Is.LessThan(66 << 20));
        Assert.That(
            station.Heard.SkipWhile(word => word != "closed"),
            Is.EqualTo(["closed", "initiation", "192.0.2.21 up", "192.0.2.21 pre +203.0.113.0/24", "192.0.2.21 pre end-of-rib vpnv4"])
        );
    }

    [Test]
    public void A_station_that_is_cut_off_and_reads_then_hears_why()
    {
        var (scene, gateway) = Start(BmpTables.PrePolicy);
        var station = new StationPlayer(scene);
        scene.Run(60);
        scene.Network.SetSlowReader("station", "control1", slow: true);
        for (var i = 0; i < 1_200; i++)
        {
            gateway.Announce(scene.TargetOf("red"), communities: 15_000 + i % 2, "203.0.113.0/24");
            scene.Run(0.005);
        }

        scene.Network.SetSlowReader("station", "control1", slow: false);
        scene.Run(60);

        Assert.That(station.Connections, Is.EqualTo(2));
        Assert.That(station.Heard, Has.One.EqualTo("termination"));
        Assert.That(station.Heard.SkipWhile(word => word != "termination").Take(3), Is.EqualTo(["termination", "closed", "initiation"]));
    }

    [Test]
    public void A_table_that_waits_to_be_told_when_its_session_ends_is_not_told_as_that_of_the_next()
    {
        const string neighbors = "neighbors: [{ name: file, address: 192.0.2.31, families: [vpnv4], import-policy: one }]\n";
        var (scene, _) = Start(BmpTables.PostPolicy);
        scene.Reload(neighbors + "policies: { one: [{ then: accept }] }");
        var gateway = scene.Gateway("file", 31).Connected();
        var station = new StationPlayer(scene);
        scene.Run(60);
        scene.Network.SetSlowReader("station", "control1", slow: true);
        for (var i = 0; i < 50; i++)
        {
            gateway.Announce(scene.TargetOf("red"), communities: 15_000 + i % 2, "203.0.113.0/24");
            scene.Run(0.01);
        }

        scene.Reload(neighbors + "policies: { one: [{ match: { prefixes: 198.51.100.0/24 }, then: reject }] }");
        gateway.Crash();
        scene.Run(1);
        gateway.Connected();
        scene.Network.SetSlowReader("station", "control1", slow: false);
        scene.Run(60);

        // What is kept as stale is not what the neighbour says now.
        var next = station.Heard.LastIndexOf("192.0.2.31 up");
        Assert.That(station.Heard[..next], Has.Some.EqualTo("192.0.2.31 up").And.Some.EqualTo("192.0.2.31 down, reason 4"));
        Assert.That(station.Heard[(next + 1)..], Is.Empty);
    }

    [Test]
    public void Routes_behind_the_policies_are_told_again_when_those_change()
    {
        const string neighbors = "neighbors: [{ name: file, address: 192.0.2.31, families: [vpnv4], import-policy: one }]\n";
        var (scene, _) = Start(BmpTables.PostPolicy);
        scene.Reload(neighbors + "policies: { one: [{ then: accept }] }");
        var gateway = scene.Gateway("file", 31).Connected();
        gateway.Announce(scene.TargetOf("red"), "203.0.113.0/24", "198.51.100.0/24");
        var station = new StationPlayer(scene);
        scene.Run(60);
        station.Take();

        scene.Reload(neighbors + "policies: { one: [{ match: { prefixes: 203.0.113.0/24 }, then: reject }] }");
        scene.Run();
        Assert.That(station.Take(), Is.EquivalentTo(["192.0.2.31 post -203.0.113.0/24", "192.0.2.31 post +198.51.100.0/24"]));

        scene.Reload(neighbors.Replace("import", "export", StringComparison.Ordinal) + "policies: { one: [{ then: reject }] }");
        scene.Run();
        Assert.That(station.Take(), Is.EquivalentTo(["192.0.2.31 post +203.0.113.0/24", "192.0.2.31 post +198.51.100.0/24"]));
    }

    [Test]
    public void Identifiers_of_paths_are_told_where_the_session_has_them_also_that_of_zero()
    {
        var (scene, _) = Start(BmpTables.PostPolicy);
        scene.Reload("neighbors: [{ name: file, address: 192.0.2.31, families: [ipv4], add-path: { ipv4: { receive: true } } }]");
        var gateway = scene.Gateway("file", 31, AddressFamily.Ipv4Unicast);
        gateway.Options = gateway.Options with { AddPath = [new(AddressFamily.Ipv4Unicast, AddPathModes.Send)] };
        gateway.Connected();
        gateway.Say(AddressFamily.Ipv4Unicast, s_attributes, Path(0), Path(5));
        var station = new StationPlayer(scene) { PathIds = [AddressFamily.Ipv4Unicast] };
        scene.Run(60);

        Assert.That(
            station.Take(),
            Is.SupersetOf((string[])["192.0.2.31 post +10.1.0.0/16 path 0", "192.0.2.31 post +10.1.0.0/16 path 5"])
        );
        gateway.TakeBack(AddressFamily.Ipv4Unicast, Path(0));
        scene.Run();
        Assert.That(station.Take(), Is.EqualTo(["192.0.2.31 post -10.1.0.0/16 path 0"]));

        static PathNlri<PrefixNlri> Path(uint id) => new(id, new PrefixNlri(IpPrefix.Parse("10.1.0.0/16")));
    }

    [Test]
    public void A_station_hears_that_the_control_node_stops()
    {
        var (scene, _) = Start(BmpTables.LocRib);
        var station = new StationPlayer(scene);
        scene.Run(60);
        station.Take();

        scene.Node.Dispose();
        scene.Run();

        Assert.That(station.Take(), Is.EqualTo(["termination", "closed"]));
    }

    private static (Scene Scene, GatewayPlayer Gateway) Start(
        BmpTables tables,
        int statisticsSeconds = 0,
        ushort holdTime = BgpRouter.DefaultHoldTime
    )
    {
        var scene = new Scene();
        var options = new BmpStationOptions("station", IpAddress.From(StationPlayer.Address), 11019, tables, TimeSpan.FromSeconds(5));
        scene.Restart(node => node with { Bmp = new BmpOptions(TimeSpan.FromSeconds(statisticsSeconds), [options]) });
        scene.Run();
        scene.Apply([
            .. Scene.TwoNetworks,
            Scene.Router("gw", 21, AddressFamily.Vpnv4) with
            {
                RouteReflectorClient = true,
            },
            Scene.Router("other", 22, AddressFamily.Vpnv4) with
            {
                HoldTime = holdTime,
            },
        ]);
        return (scene, scene.Gateway("gw", 21).Connected());
    }
}
