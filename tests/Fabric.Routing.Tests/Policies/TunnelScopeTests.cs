using Fabric.Primitives;
using Fabric.Routing.Policies;
using Fabric.Wire.Bgp;

namespace Fabric.Routing.Tests.Policies;

/// <summary>
/// RFC 9012 section 11: the Tunnel Encapsulation attribute and the Encapsulation extended community are filtered on external sessions by
/// default, in and out; but the community of EVPN routes passes (RFC 8365 section 5.1.2.1, decision 18).
/// </summary>
internal sealed class TunnelScopeTests
{
    private static readonly ExtendedCommunity s_target = Fixture.Target(1).Community;
    private static readonly ExtendedCommunity s_vxlan = ExtendedCommunity.Encapsulation(8);

    // A VXLAN tunnel that ends at the next hop.
    private static readonly byte[] s_tunnel = Convert.FromHexString("00080008" + "0606" + "000000000000");

    private static readonly PathAttributes s_attributes = new()
    {
        NextHop = IpAddress.Parse("203.0.113.9"),
        AsPath = Policy.Path("65001"),
        ExtendedCommunities = [s_target, s_vxlan],
        TunnelEncapsulation = [.. s_tunnel],
    };

    // Who the peer is, its rule, the family, whether the attribute passes, whether the community does.
    [TestCase(PeerKind.ExternalBgp, TunnelEncapsulationRule.Default, "ipv4", false, false)]
    [TestCase(PeerKind.ExternalBgp, TunnelEncapsulationRule.Default, "ipv6-labelled", false, false)]
    [TestCase(PeerKind.ExternalBgp, TunnelEncapsulationRule.Default, "vpnv4", false, false)]
    [TestCase(PeerKind.ExternalBgp, TunnelEncapsulationRule.Default, "evpn", false, true)]
    [TestCase(PeerKind.ExternalBgp, TunnelEncapsulationRule.Keep, "vpnv4", true, true)]
    [TestCase(PeerKind.ExternalBgp, TunnelEncapsulationRule.Keep, "evpn", true, true)]
    [TestCase(PeerKind.ExternalBgp, TunnelEncapsulationRule.Remove, "evpn", false, false)]
    [TestCase(PeerKind.InternalBgp, TunnelEncapsulationRule.Default, "vpnv4", true, true)]
    [TestCase(PeerKind.InternalBgp, TunnelEncapsulationRule.Default, "evpn", true, true)]
    [TestCase(PeerKind.InternalBgp, TunnelEncapsulationRule.Keep, "ipv6", true, true)]
    [TestCase(PeerKind.InternalBgp, TunnelEncapsulationRule.Remove, "vpnv4", false, false)]
    [TestCase(PeerKind.InternalBgp, TunnelEncapsulationRule.Remove, "evpn", false, false)]
    public void Tunnels_pass_where_they_are_in_scope(
        PeerKind kind,
        TunnelEncapsulationRule rule,
        string family,
        bool keepsAttribute,
        bool keepsCommunity
    )
    {
        Assert.That(AddressFamily.TryParse(family, out var parsed), Is.True);
        var peer = Policy.Peer(kind) with { TunnelEncapsulation = rule };
        var route = Policy.Route("10.1.0.0/16", parsed);

        var imported = new ImportRules(Policy.Options, peer).Judge(s_attributes, route);
        var exported = new BgpExport(Policy.Options, peer, isMembership: false).Export(s_attributes, Policy.Source, false, route);

        ExtendedCommunity[] communities = keepsCommunity ? [s_target, s_vxlan] : [s_target];
        foreach (var attributes in new[] { imported.Attributes, exported.Attributes })
        {
            Assert.That(attributes.TunnelEncapsulation, Is.EqualTo(keepsAttribute ? s_tunnel : []));
            Assert.That(attributes.ExtendedCommunities, Is.EqualTo(communities));
        }
    }

    /// <summary>A set that routes of two families share is judged for each of them.</summary>
    [Test]
    public void What_passes_depends_on_the_family_of_each_route()
    {
        var rules = new ImportRules(Policy.Options, Policy.Source);
        var evpn = Policy.Route("10.1.0.0/16", AddressFamily.L2VpnEvpn);

        Assert.That(rules.Judge(s_attributes, Policy.Vpn).Attributes.ExtendedCommunities, Has.Count.EqualTo(1));
        Assert.That(rules.Judge(s_attributes, evpn).Attributes.ExtendedCommunities, Has.Count.EqualTo(2));
    }

    /// <summary>What is filtered on its way in is not processed (RFC 9012 section 11), not even by policies.</summary>
    [Test]
    public void Import_policies_do_not_see_what_is_out_of_scope()
    {
        var match = new PolicyMatch { AllCommunities = [CommunityPattern.Parse("0x030c000000000008")] };
        var rules = new ImportRules(Policy.Options, Policy.Source with { ImportPolicies = [Policy.Rejecting(match)] });

        Assert.That(rules.Judge(s_attributes, Policy.Vpn).Reason, Is.EqualTo(RejectReason.None));
    }

    [Test]
    public void Bytes_are_not_passed_on_as_they_are_where_tunnels_do_not_pass()
    {
        var peer = Policy.Peer(PeerKind.InternalBgp, 64512) with { IsRouteReflectorClient = true };

        Assert.That(IsPlain(peer), Is.EqualTo((true, true)));
        Assert.That(IsPlain(peer with { TunnelEncapsulation = TunnelEncapsulationRule.Keep }), Is.EqualTo((true, true)));
        Assert.That(IsPlain(peer with { TunnelEncapsulation = TunnelEncapsulationRule.Remove }), Is.EqualTo((false, false)));

        static (bool, bool) IsPlain(PeerDefinition peer) =>
            (new BgpExport(Policy.Options, peer, isMembership: false).IsPlainReflection, new ImportRules(Policy.Options, peer).IsTrivial);
    }
}
