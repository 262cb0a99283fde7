using Fabric.Bgp;
using Fabric.Controller.Bgp;
using Fabric.Controller.Routes;
using Fabric.Intent;
using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Runtime;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Tests;

/// <summary>Each key of a neighbour reaches the core that acts on it.</summary>
public sealed class NeighborKeysTests
{
    private const string Policies = "policies: { one: [{ then: accept }], two: [{ then: reject }] }\n";

    [Test]
    public void Keys_of_the_session_reach_the_sessions_options()
    {
        var options = SessionOf(
            """
            local-as: { number: 64999 }, min-hold-time: 20, role: customer, role-strict: true, max-prefixes-restart: 60,
            max-prefixes: { vpnv4: { limit: 1000, warning: 80 }, ipv4: { limit: 5 } }, extended-next-hops: [ipv4], 
            add-path: { evpn: { receive: true, send: all }, vpnv4: { receive: true }, ipv4: { send: 4 } }
            """
        );

        Assert.That((options.LocalAs.Value, options.LocalAsOverride?.Value), Is.EqualTo((64512u, 64999u)));
        Assert.That((options.MinHoldSeconds, options.Role, options.RequiresRole), Is.EqualTo((20, BgpRole.Customer, true)));
        Assert.That(
            options.PrefixLimits,
            Is.EqualTo(new[] { new PrefixLimit(AddressFamily.Ipv4Unicast, 5, 75), new PrefixLimit(AddressFamily.Vpnv4, 1000, 80) })
        );
        Assert.That(options.PrefixLimitRestart, Is.EqualTo(TimeSpan.FromMinutes(1)));
        Assert.That(
            options.AddPath,
            Is.EqualTo(
                new AddPathFamily[]
                {
                    new(AddressFamily.Ipv4Unicast, AddPathModes.Send),
                    new(AddressFamily.Vpnv4, AddPathModes.Receive),
                    new(AddressFamily.L2VpnEvpn, AddPathModes.Both),
                }
            )
        );
        Assert.That(options.ExtendedNextHops, Is.EqualTo(new[] { new ExtendedNextHop(AddressFamily.Ipv4Unicast, 2) }));
    }

    [Test]
    public void Times_of_long_lived_graceful_restart_reach_the_session()
    {
        var restart = SessionOf(
            "graceful-restart: { time: 60, long-lived: { stale-time: 600, helper-limit: 300, families: { rtc: 9 } } }"
        ).GracefulRestart!;

        Assert.That(
            (restart.RestartSeconds, restart.LongLived!.StaleSeconds, restart.LongLived.MaxPeerStale),
            Is.EqualTo((60, 600u, TimeSpan.FromMinutes(5)))
        );
        Assert.That(restart.LongLived.FamilyStaleSeconds, Is.EqualTo(new[] { (AddressFamily.RouteTargetMembership, 9u) }));
    }

    [Test]
    public void Keys_for_routes_reach_the_peers_definition()
    {
        var peer = PeerOf(
            """
            as: 65001, local-as: { number: 64999, no-prepend: true, replace-as: true }, role: peer, next-hop: self, as-override: true,
            families: [ipv4, vpnv4],
            allow-own-as: 2, private-as: replace, send-communities: [standard, large], enforce-first-as: false, max-as-path: 40,
            graceful-shutdown: { honor: false, announce: true }, pass-med: true, sender-loop-check: true, requires-policy: true,
            import-policy: [one, two], export-policy: two, add-path: { ipv4: { send: 4 }, vpnv4: { send: all } }, tunnel-encapsulation: remove
            """
        );

        Assert.That(
            (peer.PeerAs?.Value, peer.LocalAs?.Value, peer.PrependsLocalAs, peer.ReplacesAs, peer.LocalRole),
            Is.EqualTo((65001u, 64999u, false, true, BgpRole.Peer))
        );
        Assert.That(
            (peer.NextHop, peer.OverridesAs, peer.AllowedOwnAs, peer.PrivateAsRemoval, peer.SentCommunities),
            Is.EqualTo((NextHopRule.Self, true, 2, PrivateAsRemoval.Replace, CommunityKinds.Standard | CommunityKinds.Large))
        );
        Assert.That(
            (peer.EnforcesFirstAs, peer.MaxAsPathLength, peer.HonorsGracefulShutdown, peer.IsShuttingDownGracefully),
            Is.EqualTo((false, 40, false, true))
        );
        Assert.That(peer.TunnelEncapsulation, Is.EqualTo(TunnelEncapsulationRule.Remove));
        Assert.That((peer.PassesMultiExitDisc, peer.ChecksLoopsOnSending, peer.RequiresPolicy), Is.EqualTo((true, true, true)));
        Assert.That(peer.ImportPolicies.Select(policy => policy.Name), Is.EqualTo(new[] { "one", "two" }));
        Assert.That(peer.PathLimits, Is.EqualTo(new[] { new PathLimit(AddressFamily.Ipv4Unicast, 4) }));
        Assert.That(peer.ExportPolicies.Select(policy => policy.Name), Is.EqualTo(new[] { "two" }));
    }

    /// <summary>RFC 8212; where route targets say what goes where, nobody has to say it twice.</summary>
    [TestCase("families: [vpnv4, evpn]", false)]
    [TestCase("families: [vpnv4, ipv4]", true)]
    [TestCase("families: [ipv6-labelled]", true)]
    [TestCase("families: [ipv4], requires-policy: false", false)]
    public void A_policy_is_required_by_default_for_unicast_families_alone(string keys, bool required) =>
        Assert.That(PeerOf("as: 65001, " + keys).RequiresPolicy, Is.EqualTo(required));

    [TestCase("password: secret", "secret", null, null)]
    [TestCase("ttl: 5", null, (byte)5, null)]
    [TestCase("ttl-security: 1", null, (byte)255, (byte)255)]
    [TestCase("password: secret, ttl-security: 3", "secret", (byte)255, (byte)253)]
    public void Keys_of_TCP_reach_the_connection(string keys, string? password, byte? ttl, byte? minimumTtl) =>
        Assert.That(
            PeerTcpTable.OptionsOf(SettingsOf(keys).Tcp),
            Is.EqualTo(
                new PeerTcpOptions
                {
                    Md5Key = password,
                    Ttl = ttl,
                    MinimumTtl = minimumTtl,
                }
            )
        );

    [Test]
    public void What_a_group_says_holds_where_the_neighbour_does_not_say_otherwise()
    {
        const string group = """
            groups:
              edge:
                password: secret
                ttl-security: 1
                max-prefixes: { vpnv4: { limit: 10, warning: 50 }, rtc: { limit: 3 } }
                import-policy: one
                membership-wait: { limit: 5 }
            """;

        var settings = SettingsOf("group: edge, password: null, ttl: 2, import-policy: [], max-prefixes: { vpnv4: { limit: 20 } }", group);

        Assert.That(settings.Tcp, Is.EqualTo(new TcpIntent { Ttl = 2 }));
        Assert.That(
            settings.PrefixLimits,
            Is.EqualTo(
                new[] { new PrefixLimitIntent(AddressFamily.Vpnv4, 20, 50), new PrefixLimitIntent(AddressFamily.RouteTargetMembership, 3) }
            )
        );
        Assert.That((settings.Rules.ImportPolicies.Count, settings.MembershipWait), Is.EqualTo((0, new MembershipWaitIntent(5, 1))));
    }

    /// <summary>A group's neighbours may have families that it has not.</summary>
    [Test]
    public void A_next_hop_is_asked_for_its_use_where_the_families_are_known()
    {
        const string group = "groups: { edge: { next-hop: self } }";

        Assert.That(SettingsOf("group: edge, families: [ipv6, vpnv4]", group).Rules.NextHop, Is.EqualTo(NextHopRule.Self));
        Assert.That(
            ControlFile.Faults($"neighbors: [{{ name: gw1, address: 192.0.2.21, group: edge }}]\n{group}\n"),
            Does.Contain("'neighbors[0].next-hop': none of its 'families'")
        );
        Assert.That(
            ControlFile.Faults($"dynamic-neighbors: [{{ prefix: 192.0.2.0/25, group: edge }}]\n{group}\n"),
            Does.Contain("'dynamic-neighbors[0].next-hop': none of its 'families'")
        );
    }

    [Test]
    public void A_limit_of_paths_sent_can_change_in_a_session_and_a_direction_cannot()
    {
        const string group = "groups: { edge: { add-path: { ipv4: { receive: true, send: all }, vpnv4: { send: 3 } } } }";
        var all = SettingsOf("group: edge", group);
        var two = SettingsOf("group: edge, add-path: { ipv4: { send: 2 } }", group);
        var none = SettingsOf("group: edge, add-path: { ipv4: { send: none } }", group);

        Assert.That(
            two.AddPath,
            Is.EqualTo(new AddPathIntent[] { new(AddressFamily.Ipv4Unicast, true, 2), new(AddressFamily.Vpnv4, false, 3) })
        );
        Assert.That((all.IsSameSession(two), two.IsSameSession(none)), Is.EqualTo((true, false)));
    }

    [TestCase("extended-next-hops: [vpnv4, rtc]", "a family without routes of IPv4 is among them; ipv4, ipv4-labelled, vpnv4 have some")]
    [TestCase("add-path: { ipv4: {} }", "says neither 'receive' nor 'send'")]
    [TestCase("add-path: { rtc: { send: all } }", "a membership has one path")]
    [TestCase("add-path: { ipv4: { send: 256 } }", "'256' is not all, none, or a number of paths from 1 to 255")]
    [TestCase("max-prefixes: { vpnv4: { warning: 50 } }", "key 'neighbors[0].max-prefixes.vpnv4.limit': is missing")]
    [TestCase("max-prefixes: { vpn4: { limit: 50 } }", "key 'neighbors[0].max-prefixes.vpn4': 'vpn4' is not one of ipv4")]
    [TestCase("max-prefixes: { vpnv4: { limit: 50, warning: 101 } }", "'101' is not percent from 1 to 100")]
    [TestCase("local-as: { no-prepend: true }", "key 'neighbors[0].local-as.number' is missing; expected an AS number")]
    [TestCase("role: client", "'client' is not one of provider, route-server, route-server-client, customer, peer")]
    [TestCase("role-strict: true", "there is no 'role'")]
    [TestCase("min-hold-time: 100", "above the hold time of 90 s")]
    [TestCase("ttl: 2, ttl-security: 1", "leave one of them out")]
    [TestCase("ttl-security: 255", "'255' is not hops from 1 to 254, or null for none")]
    [TestCase("next-hop: self", "key 'neighbors[0].next-hop': none of its 'families' can have this node's address")]
    [TestCase("next-hop: self, families: [ipv4-labelled, vpnv6, evpn, rtc]", "or add ipv4 or ipv6 to 'families'")]
    [TestCase("tunnel-encapsulation: drop", "'drop' is not one of default, keep, remove")]
    [TestCase("next-hop: me", "'me' is not one of default, self, unchanged")]
    [TestCase("send-communities: [all]", "'all' is not one of standard, extended, large")]
    [TestCase("allow-own-as: 11", "'11' is not a number of occurrences from 0 to 10")]
    [TestCase("import-policy: ones", "there is no policy 'ones'; did you mean 'one'? known are one, two")]
    [TestCase("membership-wait: { quite: 1 }", "'neighbors[0].membership-wait.quite' is not known; did you mean 'quiet'?")]
    [TestCase("graceful-restart: { long-lived: { stale-time: 16777216 } }", "is not seconds from 1 to 16777215")]
    public void A_mistake_is_told_with_what_is_allowed(string keys, string expected) =>
        Assert.That(
            ControlFile.Faults($"neighbors: [{{ name: gw1, address: 192.0.2.21, {keys} }}]\n{Policies}"),
            Does.StartWith("control.yaml:5:").And.Contain(expected)
        );

    private static BgpNeighborSettings SettingsOf(string keys, string rest = "") =>
        ControlFile.WithNeighbor(keys, Policies + rest).Neighbors.Single().Settings;

    private static BgpPeerOptions SessionOf(string keys)
    {
        var options = ControlFile.WithNeighbor(keys, Policies);
        return SessionOptions.Of(options.Neighbors.Single().Settings, options, isRestarting: false);
    }

    private static PeerDefinition PeerOf(string keys)
    {
        var options = ControlFile.WithNeighbor(keys, Policies);
        var intent = options.Neighbors.Single();
        var negotiation = new SessionNegotiation(
            intent.Settings.AsNumber,
            BgpIdentifier.Parse("192.0.2.21"),
            IsInternal: false,
            intent.Settings.Families,
            TimeSpan.FromSeconds(90),
            FourOctetAs: true,
            ExtendedMessages: false,
            RouteRefresh: true,
            PeerGracefulRestart: null,
            NotificationKeepsRoutes: false
        );
        return PeerRules.Of(intent, negotiation, new PolicyBook(options.Policies));
    }
}
